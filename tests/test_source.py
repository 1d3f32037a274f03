"""Reading a submission: every shape of file gives the student's cells, or one sentence that says what to do."""

from __future__ import annotations

import json
import os

import pytest

from graders.engine.source import LARGEST, Unreadable, read

ONE = "def forward(x, w, b):\n    return w * x + b"


def notebook(cells, **extra):
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **extra}


def code(source, **extra):
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None, **extra}


def save(folder, document, name="ada.ipynb", bom=b""):
    path = folder / name
    path.write_bytes(bom + json.dumps(document).encode())
    return path


def sources(submission):
    return [(cell.name, cell.source) for cell in submission.cells]


def sentence(path):
    with pytest.raises(Unreadable) as caught:
        read(path)
    text = str(caught.value)
    assert path.name in text
    assert str(path.parent) not in text
    assert text.endswith(".")
    return text


@pytest.mark.parametrize("source", [ONE, ONE.splitlines(keepends=True), ONE.replace("\n", "\r\n")])
def test_a_cell_may_be_text_or_lines(tmp_path, source):
    """A cell's source is a string or a list of lines, with any line ends."""
    submission = read(save(tmp_path, notebook([code(source)])))
    assert sources(submission) == [("1", ONE)]
    assert (submission.kind, submission.student, submission.notes) == ("notebook", "ada", ())


def test_cells_are_counted_as_the_student_counts_them(tmp_path):
    """Only code cells count, and a dropped check cell keeps its number."""
    cells = [{"cell_type": "markdown", "source": "# Hello"}, code("a = 1"), code("check(forward)"), code("b = 2")]
    submission = read(save(tmp_path, notebook(cells)), locked=["check(forward)\n"])
    assert sources(submission) == [("1", "a = 1"), ("3", "b = 2")]


@pytest.mark.parametrize(
    "document",
    [
        {"worksheets": [{"cells": [code(None, input=ONE)]}], "nbformat": 3, "metadata": {}},
        {"worksheets": [{"cells": [{"cell_type": "code", "input": [ONE], "language": "python"}]}, {}], "nbformat": 2},
        {"cells": [{"cell_type": "code", "code": ONE}]},
        notebook([code(ONE)], nbformat=4, nbformat_minor=99),
        notebook([code(ONE)], nbformat="4", nbformat_minor=None, metadata=None),
    ],
)
def test_every_version_of_the_format_is_read(tmp_path, document):
    """Formats 1 to 3 keep cells and text elsewhere; odd version numbers do no harm."""
    if "worksheets" in document and "source" in document["worksheets"][0]["cells"][0]:
        del document["worksheets"][0]["cells"][0]["source"]
    assert [cell.source for cell in read(save(tmp_path, document)).cells] == [ONE]


def test_a_byte_order_mark_and_utf16_are_read(tmp_path):
    """Windows editors put marks in front of a file or save it as UTF-16."""
    assert read(save(tmp_path, notebook([code(ONE)]), bom=b"\xef\xbb\xbf")).cells[0].source == ONE
    path = tmp_path / "wide.ipynb"
    path.write_bytes(json.dumps(notebook([code(ONE)])).encode("utf-16"))
    assert read(path).cells[0].source == ONE


@pytest.mark.parametrize(("source", "noted"), [(None, 0), (7, 1), ({"a": 1}, 1), ([1, "x"], 1)])
def test_a_cell_that_holds_no_text_costs_only_itself(tmp_path, source, noted):
    """A source of another type is passed over with a note that names file and cell."""
    submission = read(save(tmp_path, notebook([code(source), code(ONE), "no cell"])))
    assert sources(submission) == [("1", ""), ("2", ONE)]
    assert len(submission.notes) == noted + 1
    assert all("ada.ipynb" in note for note in submission.notes)


def test_lone_surrogates_do_not_reach_the_grader(tmp_path):
    """JSON may spell half a character; it becomes a question mark."""
    path = tmp_path / "half.ipynb"
    path.write_text('{"cells": [{"cell_type": "code", "source": "a = \'\\ud800\'"}]}')
    assert read(path).cells[0].source == "a = '?'"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.ipynb", b"", "is empty"),
        ("blank.py", b"\n \n", "is empty"),
        ("broken.ipynb", b'{"cells": [\n{"cell_type": ', "damaged: it stops being a notebook at line 2"),
        ("list.ipynb", b"[1, 2]", "no Jupyter notebook"),
        ("other.ipynb", b'{"a": 1}', "no Jupyter notebook"),
        ("odd.ipynb", b'{"cells": {"a": 1}}', "cells are not a list"),
        ("sheets.ipynb", b'{"worksheets": [{"cells": 3}]}', "cells are not a list"),
        ("deep.ipynb", b"[" * 200_000, "cannot be read"),
        ("digits.ipynb", b'{"cells": ' + b"9" * 5000 + b"}", "cannot be read"),
        ("merge.ipynb", b'{"cells": [\n<<<<<<< HEAD\n]}', "git merge"),
        ("picture.py", b"\x89PNG\r\n\x1a\n\0\0\0", "neither a notebook nor Python text"),
    ],
)
def test_a_file_that_is_no_notebook_gets_its_own_sentence(tmp_path, name, content, words):
    """Every kind of damage is named."""
    path = tmp_path / name
    path.write_bytes(content)
    assert words in sentence(path)


@pytest.mark.parametrize(
    "metadata",
    [{"kernelspec": {"language": "R"}}, {"language_info": {"name": "julia"}}, {"kernelspec": {"language": "R\u202e"}}],
)
def test_a_notebook_in_another_language_is_named(tmp_path, metadata):
    """The sentence says which language and how to change it."""
    text = sentence(save(tmp_path, notebook([code("x <- 1")], metadata=metadata)))
    assert "Change Kernel" in text
    assert "\u202e" not in text


@pytest.mark.parametrize(
    "metadata", [{"kernelspec": {"name": "python3"}}, {"language_info": {"name": "ipython"}}, {"kernelspec": 3}]
)
def test_python_under_any_name_is_read(tmp_path, metadata):
    """Colab and old IPython name the language in their own ways."""
    assert read(save(tmp_path, notebook([code(ONE)], metadata=metadata))).cells[0].source == ONE


def test_only_ordinary_files_of_an_ordinary_size_are_opened(tmp_path):
    """A link, a pipe, a folder, a missing and a huge file are refused without being read."""
    real = save(tmp_path, notebook([]), "real.ipynb")
    link = tmp_path / "link.ipynb"
    link.symlink_to(real)
    assert "link" in sentence(link)
    pipe = tmp_path / "pipe.ipynb"
    os.mkfifo(pipe)
    assert "not an ordinary file" in sentence(pipe)
    assert "folder" in sentence(tmp_path / ".." / tmp_path.name)
    assert "no file" in sentence(tmp_path / "missing.ipynb")
    huge = tmp_path / "huge.ipynb"
    with huge.open("wb") as file:
        file.truncate(LARGEST + 1)
    assert "larger than 20 MB" in sentence(huge)
    assert read(real).cells == ()


def write(folder, text, name="ada.py"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        "é = 'ü'\n".encode("utf-8-sig"),
        "# coding: latin-1\né = 'ü'\n".encode("latin-1"),
        "é = 'ü'\n".encode("latin-1"),
        "# -*- coding: klingon -*-\né = 'ü'\n".encode(),
        "# coding: rot13\né = 'ü'\n".encode(),
        "# coding: ascii\né = 'ü'\n".encode(),
    ],
)
def test_a_python_file_in_any_encoding_is_read(tmp_path, content):
    """Byte order mark, encoding cookie (right, wrong or unknown), or nothing at all."""
    assert read(write(tmp_path, content)).cells[-1].source.endswith("é = 'ü'")


def test_a_python_file_becomes_one_cell_for_each_statement(tmp_path):
    """Line numbers stay those of the file, decorators stay with their function, __future__ holds everywhere."""
    text = 'from __future__ import annotations\nimport functools\n\n\n@functools.cache\ndef f(x):\n    """Doc\nleft."""\n    return x\n'
    submission = read(write(tmp_path, text))
    assert submission.kind == "py"
    assert [cell.name for cell in submission.cells] == ["1", "2", "3"]
    names = {}
    exec("import functools", names)
    code = compile(submission.cells[2].source, "x", "exec")
    exec(code, names)
    assert names["f"].__wrapped__.__code__.co_firstlineno == 5
    assert submission.cells[2].source.startswith("from __future__ import annotations\n")


def test_a_syntax_error_costs_one_statement(tmp_path):
    """Functions before and after the broken one are still there, on their own lines."""
    text = "def good(x):\n    return x\n\ndef bad(:\n    return 1\n\n@staticmethod\ndef later(x):\n    if x:\n        return 1\n    else:\n        return 2\n"
    cells = read(write(tmp_path, text)).cells
    compiled, lines = {}, []
    for cell in cells:
        try:
            exec(compile(cell.source, "x", "exec"), compiled)
        except SyntaxError as error:
            lines.append(error.lineno)
    assert lines == [4]
    assert {"good", "later"} <= compiled.keys()
    assert "bad" not in compiled


def test_brackets_and_strings_over_several_lines_stay_together(tmp_path):
    """In a file that does not parse, pieces that parse only together are joined again."""
    text = "a = [\n1,\n]\nb = '''one\ntwo = (\n'''\ntry:\n    c = 1\nexcept ValueError:\n    pass\nd = = 1\ne = 5\n"
    names = {}
    for cell in read(write(tmp_path, text)).cells:
        try:
            exec(compile(cell.source, "x", "exec"), names)
        except SyntaxError:
            assert cell.source.strip("#\n") == "d = = 1"
    assert (names["a"], names["b"], names["c"], names["e"]) == ([1], "one\ntwo = (\n", 1, 5)


def test_percent_cells_are_cells(tmp_path):
    """`# %%` marks cells; markdown is left out; a header alone is no cell."""
    text = "# ---\n# jupyter: x\n# ---\n\n# %% [markdown]\n# Hello\n\n# %%\na = 1\n\n# %% nbgrader={}\nb = (\n\n#%% last\nc = 3\n"
    submission = read(write(tmp_path, text))
    assert [cell.source.strip("#\n") for cell in submission.cells] == ["a = 1", "b = (", "c = 3"]
    assert submission.cells[0].source.count("\n") == 8


@pytest.mark.parametrize(
    "text",
    ["-" * 100_000 + "1", "(" * 100_000, "x" + "()" * 50_000, "a = 1\n" * 5000, "not " * 50_000, "if x:\n" * 3000],
)
def test_hostile_text_is_split_in_bounded_time(tmp_path, text):
    """Text made to exhaust a parser ends as cells like any other."""
    assert read(write(tmp_path, text)).cells


def test_names_defined_are_found_without_running(tmp_path):
    """Functions, classes and assigned names at the left margin."""
    text = "async def a(): pass\nclass B: pass\nc = 1\nd: int = 2\ne == 3\n  \nif c:\n    f = 1\n"
    assert read(write(tmp_path, text)).defines() == {"a", "B", "c", "d"}


def test_kind_is_told_by_name_and_content(tmp_path):
    """A notebook saved as .txt by a browser is a notebook; a .py file is Python whatever it begins with."""
    assert read(save(tmp_path, notebook([code(ONE)]), "ada.ipynb.txt")).kind == "notebook"
    assert read(save(tmp_path, notebook([code(ONE)]), "ada")).kind == "notebook"
    assert read(write(tmp_path, "{1: 2}\n")).kind == "py"
