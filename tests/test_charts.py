import re
import xml.etree.ElementTree as ET

import pytest
from report_fake import ALVA, BO, article, many, pages, stance, write

from stance.errors import InputError
from stance.report.charts import (
    COLUMN,
    DPI,
    NAME,
    PAGE,
    STYLE,
    charts,
    heat_map,
    position_plot,
    timeline,
    write_figures,
)
from stance.report.group import positions

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return positions(write(tmp_path_factory.mktemp("charts") / "run", pages()))


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    return positions(write(tmp_path_factory.mktemp("charts") / "large", many(articles=60, each=5)))


@pytest.fixture(scope="module")
def written(large, tmp_path_factory):
    return write_figures(large, tmp_path_factory.mktemp("figures") / "new" / "folder")


def drawn(chart):
    """The only axes of a chart, drawn in the style of the report."""
    import matplotlib

    with matplotlib.rc_context(STYLE):
        figure = chart.draw()
    figure.draw_without_rendering()
    return figure, figure.axes[0]


def texts(axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_the_same_run_gives_the_same_bytes(written, large, tmp_path):
    again = write_figures(large, tmp_path)
    assert [file.name for file in again] == [file.name for file in written]
    for one, other in zip(written, again, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_each_figure_comes_as_svg_and_png_with_a_caption(written):
    *figures, captions = written
    names = {file.stem for file in figures}
    assert {file.suffix for file in figures} == {".svg", ".png"}
    assert len(figures) == 2 * len(names)
    assert {"matrix", "positions-ferry"} <= names
    assert any(name.startswith("timeline-speaker-") for name in names)
    text = captions.read_text(encoding="utf-8")
    assert set(re.findall(r"^\*\*(.+?)\*\*:", text, re.MULTILINE)) == names
    assert "The ferry to Vara should sail daily." in text
    assert "300 statements in 60 articles; stance 0.0, settings 5e775e775e77" in text


def test_files_bear_no_date_and_text_stays_text(written):
    for file in written:
        if file.suffix == ".svg":
            found = file.read_text(encoding="utf-8")
            ET.fromstring(found)
            assert "<dc:date>" not in found
            assert "matplotlib.org" not in found
    matrix = next(file for file in written if file.name == "matrix.svg")
    words = {node.text for node in ET.parse(matrix).iter(f"{SVG}text")}
    assert {"harbour-tax", "sea-wall"} <= words


def test_figures_are_as_wide_as_a_column_or_a_page(written):
    for file in written:
        if file.suffix == ".png":
            width = int.from_bytes(file.read_bytes()[16:20])
            assert width <= PAGE * DPI
            if file.stem != "matrix":
                assert width == COLUMN * DPI


def test_a_position_plot_shows_means_and_intervals(data):
    _, axes = drawn(position_plot(data, "harbour-tax"))
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names[-1] == "Alva Rook  (3)", "in favor at the top"
    assert len(names) == 2
    for y, speaker in enumerate(("evil", "alva-rook")):
        position = next(row for row in data.speakers if row.id == speaker).positions["harbour-tax"]
        dot, _, (bar,) = axes.containers[y]
        assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (position.mean, y)
        ends = bar.get_segments()[0][:, 0]
        assert tuple(ends) == pytest.approx(position.interval)
        assert dot.get_marker() == ("^" if position.mean > 0 else "v"), "a shape besides the colour"
        assert dot.get_markerfacecolor() == "white", "few articles"


def test_the_matrix_shows_sign_mean_and_number(data):
    _, axes = drawn(heat_map(data))
    shown = texts(axes)
    pairs = dict(zip(shown[::2], shown[1::2], strict=True))
    assert pairs["▲ +0.33"] == "3"
    assert "▼ −1.00" in pairs
    cells = [p for s in data.speakers for p in s.positions.values() if p.target]
    assert len(shown) == 2 * len(cells)


def test_no_text_leaves_its_tile_or_the_figure(large):
    for chart in charts(large):
        figure, axes = drawn(chart)
        whole = figure.bbox
        for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
            box = label.get_window_extent()
            if label.get_text():
                assert box.x0 >= whole.x0 - 1 and box.x1 <= whole.x1 + 1, (chart.name, label.get_text())
        tiles = [patch.get_window_extent() for patch in axes.patches]
        for tile, value in zip(tiles, axes.texts[::2], strict=False):
            assert value.get_window_extent().width <= tile.width, (chart.name, value.get_text())


def test_a_timeline_shows_a_mean_for_each_period(large):
    from stance.report.change import series

    chart = next(chart for chart in charts(large) if chart.name.startswith("timeline"))
    speaker = next(row for row in large.speakers if chart.name.startswith(f"timeline-{row.id}-"))
    position = speaker.positions[chart.name.removeprefix(f"timeline-{speaker.id}-")]
    _, axes = drawn(timeline(large, speaker, position))
    points = series(position)
    assert list(axes.lines[0].get_ydata()) == [point.position.mean for point in points]
    years = [int(point.period[:4]) for point in points]
    places = list(axes.lines[0].get_xdata())
    assert [place - places[0] for place in places] == [year - years[0] for year in years], "gaps are gaps"


def test_names_are_never_markup_or_paths(tmp_path):
    text = "Alva $x_1$ Rook & <i>Bo</i> said the ferry sails."
    names = {"name": "$x_{1}$ & <i>Rook</i> " + "of Vara " * 9, "id": "../../etc/passwd"}
    from dataclasses import replace

    page = article("one", text, "T", "2024-01-01", "Post")
    page.say([replace(ALVA, **names), replace(BO, id="bo/lind")], "the ferry sails", stance("ferry"), cue="said")
    files = write_figures(positions(write(tmp_path / "run", [page])), tmp_path / "out")
    assert all(file.parent == tmp_path / "out" for file in files)
    words = [node.text for node in ET.parse(tmp_path / "out" / "matrix.svg").iter(f"{SVG}text")]
    (name,) = [word for word in words if word and "Rook" in word]
    assert name.startswith("$x_{1}$ & <i>Rook</i>")
    assert len(name) <= NAME


def test_nothing_to_draw_is_no_fault(tmp_path):
    page = article("one", "It rained.", "Rain", "2024-01-01", "Post")
    files = write_figures(positions(write(tmp_path / "run", [page])), tmp_path / "out")
    assert [file.name for file in files] == ["captions.md"]


def test_a_folder_that_cannot_be_written_is_refused(data, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"Cannot write figures to .*file.*Give another folder"):
        write_figures(data, tmp_path / "file")
