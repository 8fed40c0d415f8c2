import os

import numpy as np
import pytest

from microcrystalnet.segmentation.embedding_cache import EmbeddingCache, SamEmbedding, key_of

IMAGE = np.arange(48, dtype=np.uint8).reshape(6, 8)


def embedding(value=1.5):
    return SamEmbedding(np.full((1, 4, 8, 8), value, np.float32), (6, 8), (96, 128))


@pytest.fixture
def cache(tmp_path):
    return EmbeddingCache(tmp_path / "embeddings")


def test_what_was_put_comes_back(cache):
    cache.put("a", embedding())
    found = cache.get("a")
    np.testing.assert_array_equal(found.features, embedding().features)
    assert (found.original, found.resized) == ((6, 8), (96, 128))


def test_what_was_never_put_is_not_there(cache):
    assert cache.get("a") is None


def test_a_filter_laid_over_the_micrograph_makes_another_key():
    assert key_of(IMAGE, "e") != key_of(IMAGE + 1, "e")


def test_the_same_pixels_in_another_shape_make_another_key():
    assert key_of(IMAGE, "e") != key_of(IMAGE.reshape(8, 6), "e")


def test_another_encoder_makes_another_key():
    assert key_of(IMAGE, "e") != key_of(IMAGE, "f")


def test_a_view_has_the_key_of_its_copy():
    assert key_of(IMAGE[:, ::2], "e") == key_of(IMAGE[:, ::2].copy(), "e")


def test_a_damaged_file_is_forgotten(cache, tmp_path):
    cache.put("a", embedding())
    path = tmp_path / "embeddings" / "a.npz"
    path.write_bytes(path.read_bytes()[:300])
    assert (cache.get("a"), path.exists()) == (None, False)


def test_features_that_are_not_numbers_are_forgotten(cache):
    cache.put("a", embedding(np.nan))
    assert cache.get("a") is None


def test_what_was_used_longest_ago_goes_first(tmp_path):
    cache = EmbeddingCache(tmp_path, limit=5000)
    cache.put("a", embedding())
    cache.put("b", embedding())
    os.utime(tmp_path / "a.npz", (1, 1))
    os.utime(tmp_path / "b.npz", (2, 2))
    cache.get("a")
    cache.put("c", embedding())
    assert (cache.holds("a"), cache.holds("b"), cache.holds("c")) == (True, False, True)


def test_the_newest_stays_even_if_it_alone_is_too_big(tmp_path):
    cache = EmbeddingCache(tmp_path, limit=1)
    cache.put("a", embedding())
    cache.put("b", embedding())
    assert [path.name for path in tmp_path.iterdir()] == ["b.npz"]


def test_what_a_killed_process_left_half_written_goes_as_well(tmp_path):
    cache = EmbeddingCache(tmp_path, limit=5000)
    (tmp_path / "left.part").write_bytes(bytes(5000))
    os.utime(tmp_path / "left.part", (1, 1))
    cache.put("a", embedding())
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


def test_a_full_disk_costs_only_the_memory_of_it(cache, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("microcrystalnet.segmentation.embedding_cache.np.savez", full)
    cache.put("a", embedding())
    assert cache.get("a") is None


def test_a_full_disk_leaves_no_part_behind(cache, tmp_path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("microcrystalnet.segmentation.embedding_cache.np.savez", full)
    cache.put("a", embedding())
    assert list((tmp_path / "embeddings").iterdir()) == []


def test_a_folder_that_cannot_be_made_costs_only_the_memory_of_it(tmp_path):
    (tmp_path / "file").touch()
    EmbeddingCache(tmp_path / "file" / "embeddings").put("a", embedding())
