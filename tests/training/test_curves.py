"""Learning curves on disk."""

from PIL import Image

from earmark.training import curves

HISTORY = [{"epoch": k, "train_loss": 1 / (k + 1), "valid_loss": 0.5, "valid_accuracy": k / 4} for k in range(4)]


def test_a_row_an_epoch(tmp_path):
    curves.write_csv(HISTORY[:2], tmp_path / "metrics.csv")
    assert (tmp_path / "metrics.csv").read_text().splitlines() == [
        "epoch,train_loss,valid_loss,valid_accuracy", "0,1.0,0.5,0.0", "1,0.5,0.5,0.25",
    ]  # fmt: skip


def test_a_valid_part_gets_a_second_plot(tmp_path):
    curves.draw(HISTORY, tmp_path / "both.png")
    curves.draw([{"epoch": row["epoch"], "train_loss": row["train_loss"]} for row in HISTORY], tmp_path / "one.png")
    both, one = (Image.open(tmp_path / name).size for name in ("both.png", "one.png"))
    assert both[0] > 1.5 * one[0]


def test_without_an_epoch_nothing_is_written(tmp_path):
    curves.write_csv([], tmp_path / "metrics.csv")
    curves.draw([], tmp_path / "curves.png")
    assert list(tmp_path.iterdir()) == []
