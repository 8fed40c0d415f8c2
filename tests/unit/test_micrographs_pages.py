"""Files of several pictures: which pages there are, and reading the one that was chosen."""

import numpy as np
import pytest
import tifffile
from paged_files import BSE, SE, write_detectors, write_ome

from microcrystalnet.errors import UnreadableFileError
from microcrystalnet.micrographs import reader
from microcrystalnet.micrographs.page_path import at_page, file_and_page, name_of


def titles(path):
    return [each.title for each in reader.pages(path)]


@pytest.fixture
def detectors(tmp_path):
    return write_detectors(tmp_path / "scan.tif")


def test_pages_are_called_by_their_detector(detectors):
    assert titles(detectors) == ["page 1 (SE)", "page 2 (BSE)"]


def test_without_a_choice_the_pages_are_named_and_none_is_taken(detectors):
    with pytest.raises(UnreadableFileError, match=r"2 pictures: page 1 \(SE\), page 2 \(BSE\)"):
        reader.read_pixels(detectors)


@pytest.mark.parametrize(("page", "pixels"), [(1, SE), (2, BSE)])
def test_the_chosen_page_is_read(detectors, page, pixels):
    np.testing.assert_array_equal(reader.read_pixels(at_page(detectors, page)), pixels)


@pytest.mark.parametrize(("page", "detector", "nm"), [(1, "SE", 12.5), (2, "BSE", 25)])
def test_scale_and_detector_are_those_of_the_page(detectors, page, detector, nm):
    known = reader.describe(at_page(detectors, page))
    assert (known.page, known.acquisition.detector, known.pixel_size.nm) == (
        page,
        detector,
        pytest.approx(nm),
    )


def test_pages_of_one_file_are_different_micrographs(detectors):
    one, two = (reader.describe(at_page(detectors, page)) for page in (1, 2))
    assert one.image_id != two.image_id
    assert (one.file_name, two.file_name) == ("scan_page1.tif", "scan_page2.tif")


def test_a_page_that_is_not_there_is_told_with_how_many_there_are(detectors):
    with pytest.raises(UnreadableFileError, match=r"scan\.tif has 2 pages and no page 5"):
        reader.describe(at_page(detectors, 5))


def test_a_thumbnail_before_the_picture_is_not_taken_for_it(tmp_path):
    path = tmp_path / "scan.tif"
    with tifffile.TiffWriter(path) as file:
        file.write(SE[::8, ::8], subfiletype=1, metadata=None)
        file.write(BSE, metadata=None)
    np.testing.assert_array_equal(reader.read_pixels(path), BSE)
    assert (reader.describe(path).height, reader.describe(path).page) == (768, 0)


def test_thumbnails_are_no_pictures_but_can_be_named(tmp_path):
    path = write_detectors(tmp_path / "scan.tif", thumbnail=True)
    assert [each.thumbnail for each in reader.pages(path)] == [False, False, True, True]
    assert reader.read_pixels(at_page(path, 3)).shape == (96, 128)


def test_levels_of_a_pyramid_are_no_pages(tmp_path):
    with tifffile.TiffWriter(tmp_path / "scan.tif") as file:
        file.write(SE, subifds=1, metadata=None)
        file.write(SE[::2, ::2], subfiletype=1, metadata=None)
    np.testing.assert_array_equal(reader.read_pixels(tmp_path / "scan.tif"), SE)


def test_a_page_without_a_scale_does_not_take_that_of_another(tmp_path):
    path = write_detectors(tmp_path / "scan.tif")
    tifffile.imwrite(path, BSE, append=True, metadata=None)
    known = reader.describe(at_page(path, 3))
    assert known.pixel_size is None
    assert "type the 12.5 nm of that one" in known.scale_note


def test_channels_of_an_ome_file_are_pages_with_its_scale(tmp_path):
    path = write_ome(tmp_path / "scan.ome.tif")
    known = reader.describe(at_page(path, 2))
    assert titles(path) == ["page 1 (SE)", "page 2 (BSE)"]
    assert known.pixel_size.nm == pytest.approx(20)
    assert reader.read_pixels(at_page(path, 2)).max() == 2


def test_a_z_stack_of_an_ome_file_is_named_by_depth(tmp_path):
    stack = np.zeros((2, 40, 60), np.uint8)
    tifffile.imwrite(tmp_path / "z.tif", stack, ome=True, metadata={"axes": "ZYX"})
    assert titles(tmp_path / "z.tif") == ["page 1 (Z 1)", "page 2 (Z 2)"]


def test_each_image_of_an_ome_file_has_a_scale_of_its_own(tmp_path):
    with tifffile.TiffWriter(tmp_path / "two.ome.tif", ome=True) as file:
        file.write(np.zeros((40, 60), np.uint8), metadata={"PhysicalSizeX": 0.01, "Name": "near"})
        file.write(np.zeros((40, 60), np.uint8), metadata={"PhysicalSizeX": 0.03, "Name": "far"})
    path = tmp_path / "two.ome.tif"
    assert titles(path) == ["page 1 (near)", "page 2 (far)"]
    assert reader.describe(at_page(path, 2)).pixel_size.nm == pytest.approx(30)


def write_imagej(path, **options):
    stack = np.stack([SE[:40, :60], BSE[:40, :60]])
    about = {"unit": "um", "Labels": ["SE", "BSE"]}
    tifffile.imwrite(path, stack, imagej=True, resolution=(50, 50), metadata=about, **options)
    return path


def test_slices_of_imagej_are_called_by_their_label_and_share_its_scale(tmp_path):
    path = write_imagej(tmp_path / "stack.tif")
    assert titles(path) == ["page 1 (SE)", "page 2 (BSE)"]
    assert reader.describe(at_page(path, 2)).pixel_size.nm == pytest.approx(20)


def test_slices_that_imagej_wrote_without_a_directory_are_read(tmp_path):
    path = write_imagej(tmp_path / "stack.tif", truncate=True)
    assert len(tifffile.TiffFile(path).pages) == 1
    np.testing.assert_array_equal(reader.read_pixels(at_page(path, 2)), BSE[:40, :60])


def test_a_slice_beyond_the_directories_of_a_file_is_none(tmp_path):
    path = tmp_path / "stack.tif"
    described = "ImageJ=1.54f\nimages=3\n"
    with tifffile.TiffWriter(path) as file:
        file.write(SE[:40, :60], description=described, metadata=None, contiguous=False)
        file.write(BSE[:40, :60], metadata=None, contiguous=False)
    path.write_bytes(path.read_bytes() + bytes(9000))
    with pytest.raises(UnreadableFileError, match="page 3"):
        reader.read_pixels(at_page(path, 3))


def test_a_stack_of_imagej_that_was_cut_off_is_incomplete(tmp_path):
    path = write_imagej(tmp_path / "stack.tif", truncate=True)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UnreadableFileError, match="is incomplete"):
        reader.read_pixels(at_page(path, 2))


def test_a_picture_that_is_no_tiff_has_one_page(tmp_path):
    from PIL import Image

    Image.fromarray(SE).save(tmp_path / "scan.png")
    assert titles(tmp_path / "scan.png") == ["page 1"]
    with pytest.raises(UnreadableFileError, match="has 1 page and no page 2"):
        reader.read_pixels(at_page(tmp_path / "scan.png", 2))


def test_a_folder_called_like_a_page_is_a_folder(tmp_path):
    inside = tmp_path / "page-2"
    inside.mkdir()
    assert (file_and_page(inside), name_of(inside)) == ((inside, 0), "page-2")


def test_a_stack_that_claims_more_pictures_than_it_has_room_for_is_not_counted_out(tmp_path):
    path = write_imagej(tmp_path / "stack.tif", truncate=True)
    path.write_bytes(path.read_bytes().replace(b"images=2", b"images=9"))
    assert len(titles(path)) <= 3  # the two, and tags that lie behind them
