# Two commands matter: `make demo` and `make test`. Both set everything up on a fresh machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SYSTEM_LIBRARIES := python3-venv xvfb xauth libgl1 libegl1 libgl1-mesa-dri libglib2.0-0 libdbus-1-3 \
	libfontconfig1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 \
	libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 fonts-dejavu-core
ON_SCREEN := $(if $(or $(DISPLAY),$(WAYLAND_DISPLAY),$(filter Darwin,$(shell uname -s))),yes)
SCREEN := $(if $(ON_SCREEN),,xvfb-run -a -s "-screen 0 1366x768x24")

TESTS := $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

# Which annotated pictures `make retrain` learns from (docs/embedded-engine.md), and for how long.
PICTURES ?=
HOURS ?= 2
TRAINING := $(BIN)/python -m microcrystalnet.segmentation.training

NETWORKS := training/networks
COMPARED := released,vit,paper,recommended,ablation,paper-less-dropout,efficientnetb0,inceptionv3,densenet121,resnet50,vgg16

.PHONY: networks demo test test-long bench lint format set-up clean retrain pictures

demo: set-up
ifeq ($(ON_SCREEN),yes)
	$(BIN)/napari-mcn demo
else
	$(BIN)/napari-mcn demo --headless demo-output
	$(SCREEN) $(BIN)/napari-mcn demo --screenshot demo-output/screenshot.png
	@echo "No display here: look at demo-output/report.html and demo-output/screenshot.png"
endif

test: set-up  # two at a time, file by file, each with a screen of its own
	$(TESTS)

test-long: set-up
	$(TESTS) -m "long or not long" --timeout 7200 --hypothesis-profile random

bench: set-up
	$(SCREEN) $(BIN)/python -m benchmarks

pictures:
	@test -f "$(PICTURES)/manifest.csv" || { echo "Give the folder of annotated pictures to learn" \
		"from, with manifest.csv, images and labels in it: make retrain PICTURES=path/to/emps" \
		"(docs/embedded-engine.md says how to lay it out)." >&2; exit 1; }

retrain: pictures set-up
	$(TRAINING) scenes --out training/scenes --count 7
	$(TRAINING) fit --data "$(PICTURES)" --scenes training/scenes --out training/run --hours $(HOURS)
	$(TRAINING) export --checkpoint training/run/checkpoint.pt \
		--out src/microcrystalnet/segmentation/weights/embedded.onnx

networks: set-up  # the tables of networks in docs/benchmarks.md; hours, and goes on where it was stopped
	test -f $(NETWORKS)/learn/truth.csv || $(BIN)/mcn synth --out $(NETWORKS)/learn \
		--micrographs 48 --seed 5 --size 884 --difficulty 0.4 > /dev/null
	test -f $(NETWORKS)/judge/truth.csv || $(BIN)/mcn synth --out $(NETWORKS)/judge \
		--micrographs 48 --seed 6 --size 884 --difficulty 0.4 > /dev/null
	$(BIN)/mcn benchmark $(NETWORKS)/learn --test $(NETWORKS)/judge --out $(NETWORKS)/results \
		--epochs 20 --set plateau=3 --set patience=8 \
		--networks $(COMPARED)
	$(BIN)/python -m benchmarks.networks $(NETWORKS)/results

lint: set-up
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: set-up
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

set-up: $(READY)

$(READY): pyproject.toml constraints.txt
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& ! dpkg -s $(SYSTEM_LIBRARIES) >/dev/null 2>&1; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(SYSTEM_LIBRARIES); fi
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[all,dev]"
	@touch $(READY)

clean:
	rm -rf $(VENV) build dist *.egg-info demo-output bench-output
