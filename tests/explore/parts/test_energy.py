import numpy as np

from earmark.explore.parts import energy
from likeness import TAGSET


def test_energy_counts_most_and_what_has_none_is_not_known():
    n = len(energy.columns(TAGSET))
    many = np.vstack([np.zeros(n), np.eye(n)]).astype(np.float32)
    found = energy.likeness(many[0], many)
    assert found[0] == 1
    assert found[1] == found[1:].min()
    values = {name: np.array([0.5, np.nan], np.float32) for name in energy.COLUMNS}
    assert np.isnan(energy.features(values)[1]).all()
