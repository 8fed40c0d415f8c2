import numpy as np
import pytest

from microcrystalnet.learning.networks.nsr import carry_over, fit_basis, plain_basis, soft_threshold


@pytest.fixture
def features():
    generator = np.random.default_rng(0)
    mixed = generator.normal(size=(50, 4)) @ generator.normal(size=(4, 4))
    return (mixed + 3).astype(np.float32)


def components(basis, features):
    return (features - basis.mean) / basis.deviation @ basis.vectors


def test_components_are_centred_and_uncorrelated(features):
    found = components(fit_basis(features, 3), features)
    assert found.mean(0) == pytest.approx(0, abs=1e-4)
    assert np.corrcoef(found.T) == pytest.approx(np.eye(3), abs=1e-3)


def test_components_have_unit_variance(features):
    assert components(fit_basis(features, 3), features).var(0) == pytest.approx(1, rel=1e-3)


def test_strengths_keep_the_share_of_each_component(features):
    strengths = fit_basis(features, 3).strengths
    assert (strengths**2).mean() == pytest.approx(1)
    assert strengths[0] > strengths[1] > strengths[2] > 0


def test_all_components_explain_everything(features):
    assert fit_basis(features, 4).explained == pytest.approx(1)


def test_fewer_components_explain_less(features):
    assert 0.3 < fit_basis(features, 1).explained < fit_basis(features, 2).explained < 1


def test_components_that_no_crystal_can_span_are_zero(features):
    basis = fit_basis(features[:3], 4)
    assert not basis.vectors[:, 2:].any()
    assert basis.strengths[:2].all()
    assert not basis.strengths[2:].any()


def test_features_that_never_vary_give_finite_components():
    found = fit_basis(np.ones((5, 3), np.float32), 2)
    assert np.isfinite(found.vectors).all()
    assert found.explained == 0


def test_a_new_basis_leaves_the_dense_layers_output_as_it_was(features):
    generator = np.random.default_rng(1)
    kernel = generator.normal(size=(4, 6)).astype(np.float32)
    bias = generator.normal(size=6).astype(np.float32)
    old, new = fit_basis(features, 4), fit_basis(features[:20] ** 2, 4)
    carried_kernel, carried_bias = carry_over(old, new, kernel, bias)
    before = components(old, features) @ kernel + bias
    after = components(new, features) @ carried_kernel + carried_bias
    assert after == pytest.approx(before, abs=1e-3)


def test_weak_components_vanish_exactly():
    shrunk = soft_threshold(np.array([1, -0.5, 0.05], np.float32), 0.1)
    assert shrunk[2] == 0
    assert shrunk[0] > 0 > shrunk[1]


def test_shrinking_keeps_the_overall_length():
    weights = np.array([1, -0.5, 0.05], np.float32)
    assert np.linalg.norm(soft_threshold(weights, 0.1)) == pytest.approx(np.linalg.norm(weights))


def test_the_last_component_never_vanishes():
    weights = np.array([0.05], np.float32)
    assert soft_threshold(weights, 0.1) == pytest.approx(weights)


def test_a_basis_that_is_only_centred_keeps_the_features_own_variance(features):
    basis = fit_basis(features, 3, scaled=False)
    assert basis.deviation == pytest.approx(1)
    assert basis.mean == pytest.approx(features.mean(0))


def test_without_pca_every_z_score_is_a_component(features):
    basis = plain_basis(features, centred=True, scaled=True)
    found = components(basis, features)
    assert found.shape == features.shape
    assert found.std(0) == pytest.approx(1, rel=1e-3)
