"""The worker: cells run as in a notebook, every question is answered by a fresh fork, nothing comes back but numbers."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from graders.engine.observation import Question
from graders.engine.source import Cell
from graders.engine.worker.client import GraderError, IsolationUnavailable, Zygote

MSE = "def mse(y_pred, y):\n    return ((y_pred - y) ** 2).mean()"
ONES = {"y_pred": np.ones((3, 1)), "y": np.zeros((3, 1))}


@pytest.fixture(scope="module")
def zygote():
    with Zygote(trust=True) as started:
        yield started


def cells(*sources: str) -> list[Cell]:
    return [Cell(str(number), source) for number, source in enumerate(sources, 1)]


def ran(zygote, *sources: str, **options):
    with zygote.session(cells(*sources), **options) as session:
        return session.ran


def mse(session, **options):
    return session.ask(Question("mse", "mse", ONES), **options)


def call(session, name: str, **options):
    return session.ask(Question(name, "tensor", {"x": np.ones(2)}), **options)


def printed(run) -> str:
    return "".join(output.get("text", "") for output in run.outputs)


# -- cells ----------------------------------------------------------------------------------------------------


def test_a_cell_shows_what_a_notebook_shows(zygote):
    """Printed text, the last value and displayed values arrive in order as nbformat's outputs."""
    (run,) = ran(zygote, "from IPython.display import display\nprint('a')\nprint('b')\ndisplay(1)\n2 + 3")
    assert run.error is None
    assert [output["output_type"] for output in run.outputs] == ["stream", "display_data", "execute_result"]
    assert run.outputs[0]["text"] == "a\nb\n"
    assert run.outputs[1]["data"] == {"text/plain": "1"}
    assert run.outputs[2]["data"] == {"text/plain": "5"}


def test_a_semicolon_hides_the_last_value(zygote):
    """A last line that ends in a semicolon shows nothing."""
    assert ran(zygote, "2 + 3;")[0].outputs == ()


def test_a_cell_that_raises_voids_nothing(zygote):
    """Cells before and after one that raises count; its error names the student's line."""
    with zygote.session(cells("a = 1", "def early(x):\n    return x\n1 / 0\nb = 2", MSE)) as session:
        error = session.ran[1].error
        assert error.type == "ZeroDivisionError"
        assert (error.frames[-1].cell, error.frames[-1].line, error.frames[-1].source) == ("2", 3, "1 / 0")
        assert session.ran[1].outputs[-1]["ename"] == "ZeroDivisionError"
        assert session.has("early")
        assert not session.has("b")
        assert mse(session).values["value"] == 1.0


def test_a_syntax_error_costs_its_own_cell(zygote):
    """A cell that is no Python is named with its line; the others count."""
    with zygote.session(cells("x = 1\ndef (:", MSE)) as session:
        assert session.ran[0].error.type == "SyntaxError"
        assert session.ran[0].error.frames[-1].line == 2
        assert mse(session).outcome == "returned"


def test_tracebacks_hold_no_path_of_this_machine(zygote):
    """An error that comes out of a library shows the student's lines and no folder."""
    (run,) = ran(zygote, "import torch, warnings\nwarnings.warn('beware')\ntorch.zeros(2) @ torch.zeros(3)")
    text = str(run)
    assert "beware" in text
    assert "site-packages" not in text
    assert sys.prefix not in text


@pytest.mark.parametrize(
    "source",
    [
        "%matplotlib inline",
        "%load_ext autoreload\n%autoreload 2",
        "%time x = 1",
        "%timeit -n1 -r1 1",
        "!echo shell",
        "%%capture\nprint(1)",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
        "from graders import History, check\ncheck(len)\nHistory([1.0], [2.0], [3.0])",
        "import torch\ntorch.set_num_threads(4)",
        "assert input('Press Enter') == ''",
        "import asyncio\nawait asyncio.sleep(0)",
        "help(len)",
        "len?",
    ],
)
def test_what_notebooks_do_raises_nothing(zygote, source):
    """Magics, shell lines, figures, check cells, help and await run without an error or a warning."""
    (run,) = ran(zygote, source)
    assert run.error is None
    assert not [output for output in run.outputs if output.get("name") == "stderr"]


def test_a_shell_line_shows_its_output(zygote):
    """The output of ``!cmd`` is recorded like print."""
    assert printed(ran(zygote, "!echo from the shell")[0]).strip() == "from the shell"


@pytest.mark.parametrize(
    ("source", "kind"),
    [("import sys\nsys.exit(3)", "SystemExit"), ("%nothing", "UsageError")],
)
def test_what_a_worker_cannot_do_raises(zygote, source, kind):
    """Leaving and unknown magics are the cell's own error."""
    with zygote.session(cells(source, MSE)) as session:
        assert session.ran[0].error.type == kind
        assert mse(session).outcome == "returned"


def test_figures_are_pictures_only_when_wanted(zygote):
    """A figure becomes a PNG for the feedback page, and is not drawn otherwise."""
    source = "import matplotlib.pyplot as plt\nplt.plot([1, 2])"
    without, with_pictures = ran(zygote, source)[0], ran(zygote, source, pictures=True)[0]
    assert not [output for output in without.outputs if "image/png" in output.get("data", {})]
    (shown,) = [output for output in with_pictures.outputs if "image/png" in output.get("data", {})]
    assert shown["data"]["image/png"].startswith("iVBOR")


def test_output_is_cut(zygote):
    """Ten megabytes of output arrive as one, and say so."""
    run, after = ran(zygote, "for _ in range(1000):\n    print('x' * 10_000)", "print('later')")
    assert 1_000_000 <= len(printed(run)) < 1_001_000
    assert "left out" in printed(run)
    assert printed(after) == ""


def test_bytes_and_surrogates_can_be_printed(zygote):
    """Text that is no Unicode, and bytes written below Python, do no harm."""
    run, _ = ran(
        zygote,
        "import os, sys\nprint('\\ud800')\nsys.stdout.buffer.write(b'\\xff')\nos.write(1, b'protocol')\nsys.stdout.fileno()",
        "1",
    )
    assert run.error is None
    assert "protocol" not in printed(run)


def test_a_cell_that_ends_the_process_costs_itself_only(zygote):
    """``os._exit`` in a cell is that cell's error; functions of all cells, its own included, still count."""
    end = "K = 2\ndef own(x):\n    return x * K\nimport os\nos._exit(0)"
    with zygote.session(cells("a = 1", end, MSE)) as session:
        assert [run.error is None for run in session.ran] == [True, False, True]
        assert session.ran[1].error.type == "SystemExit"
        assert session.has("a")
        assert call(session, "own").values["value"].tolist() == [2.0, 2.0]
        assert mse(session).outcome == "returned"


def test_a_cell_that_never_ends_costs_itself_only(zygote):
    """An endless loop at the top of a cell is stopped; the other cells and its functions count."""
    endless = "def own(x):\n    return x\nwhile True:\n    pass"
    with zygote.session(cells(endless, MSE), seconds=6.0) as session:
        assert session.ran[0].error.type == "TimeoutError"
        assert session.has("own")
        assert mse(session).outcome == "returned"


def test_a_cell_that_writes_into_the_protocol_costs_itself_only(zygote):
    """Bytes written to every open descriptor break that cell, not the judge."""
    noise = "import os\nfor fd in range(3, 30):\n    try:\n        os.write(fd, b'\\xff' * 100)\n    except OSError:\n        pass"
    with zygote.session(cells(noise, MSE), seconds=10.0) as session:
        assert session.ran[0].error is not None
        assert mse(session).values["value"] == 1.0


# -- questions ------------------------------------------------------------------------------------------------


def test_every_question_meets_the_same_state(zygote):
    """What one answer changes is not there for the next one."""
    source = "import torch\ncalls = []\ndef count(x):\n    calls.append(1)\n    return torch.tensor(float(len(calls)))"
    with zygote.session(cells(source)) as session:
        assert [float(call(session, "count").values["value"]) for _ in range(3)] == [1.0, 1.0, 1.0]


def test_a_missing_function_is_said_to_be_missing(zygote):
    """A name that no cell defines gives the outcome missing."""
    with zygote.session(cells("a = 1")) as session:
        assert mse(session).outcome == "missing"
        assert not session.has("mse")


def test_an_error_in_a_function_names_the_students_line(zygote):
    """An exception of the student's function arrives with its cell and line."""
    with zygote.session(cells("a = 1", "def broken(x):\n    y = x\n    return y.nothing")) as session:
        seen = call(session, "broken")
    assert seen.outcome == "raised"
    assert (seen.error.frames[-1].cell, seen.error.frames[-1].line) == ("2", 3)


def test_a_call_that_never_ends_is_timed_out_and_the_next_one_sooner(zygote):
    """A late call costs its time once; further calls of that function get two seconds at most."""
    source = MSE + "\ndef endless(x):\n    while True:\n        pass"
    with zygote.session(cells(source)) as session:
        assert call(session, "endless", seconds=0.3).outcome == "timed-out"
        started = time.monotonic()
        assert call(session, "endless", seconds=30.0).outcome == "timed-out"
        assert 1.5 < time.monotonic() - started < 6.0
        assert mse(session).outcome == "returned"


def test_the_time_of_a_whole_submission_is_limited(zygote):
    """When the submission's seconds are used up, further calls are timed out at once."""
    with zygote.session(cells(MSE + "\ndef endless(x):\n    while True:\n        pass"), seconds=3.0) as session:
        assert call(session, "endless").outcome == "timed-out"
        assert mse(session).outcome == "timed-out"
        assert mse(session).text


@pytest.mark.parametrize(
    ("body", "how"),
    [
        ("os._exit(3)", "exit code 3"),
        ("os.kill(os.getpid(), 9)", "a kill"),
        ("ctypes.string_at(0)", "segmentation fault"),
    ],
)
def test_a_call_that_ends_its_process_died(zygote, body, how):
    """The outcome is died, with the way it ended; the next question is answered."""
    with zygote.session(cells(f"import os, ctypes\ndef end(x):\n    {body}", MSE)) as session:
        seen = call(session, "end")
        assert seen.outcome == "died"
        assert how in seen.text
        assert mse(session).outcome == "returned"


def test_a_call_that_ends_the_whole_session_costs_itself_only(zygote):
    """A function that kills the process it was forked from is answered for; the session starts again."""
    source = "import os, time\ndef murder(x):\n    os.kill(os.getppid(), 9)\n    time.sleep(5)"
    with zygote.session(cells(source, MSE)) as session:
        assert call(session, "murder").outcome == "died"
        assert mse(session).outcome == "returned"
        assert [run.error for run in session.ran] == [None, None]


def test_a_session_that_does_not_obey_is_replaced(zygote):
    """A function that stops its parent and then loops is timed out; the session starts again."""
    source = "import os\ndef freeze(x):\n    os.kill(os.getppid(), 19)\n    while True:\n        pass"
    with zygote.session(cells(source, MSE)) as session:
        assert call(session, "freeze", seconds=0.5).outcome == "timed-out"
        assert mse(session).outcome == "returned"


def test_a_grandchild_that_keeps_the_pipe_open_holds_nobody_up(zygote):
    """A process left behind with the pipe in its hand does not make the judge wait."""
    source = "import os, time\ndef leave(x):\n    if os.fork() == 0:\n        os.setsid()\n        time.sleep(8)\n    os._exit(1)"
    with zygote.session(cells(source)) as session:
        started = time.monotonic()
        assert call(session, "leave").outcome == "died"
        assert time.monotonic() - started < 5.0


@pytest.mark.parametrize(
    "data",
    [
        "b'\\xff' * 64",
        "(5).to_bytes(8, 'little') + b'12345'",
        "(20).to_bytes(8, 'little') + b'x'",
        "pack({'nonce': 'x'})",
    ],
)
def test_a_forged_answer_is_unreadable(zygote, data):
    """Early frames, garbage, wrong ids and cut frames are no answers; the next question is answered."""
    source = (
        "import os\nfrom graders.engine.wire import pack\n"
        f"def forge(x):\n    for fd in range(3, 30):\n        try:\n            os.write(fd, {data})\n"
        "        except OSError:\n            pass\n    os._exit(0)"
    )
    with zygote.session(cells(source, MSE)) as session:
        assert call(session, "forge").outcome in {"unreadable", "died"}
        assert mse(session).outcome == "returned"


def test_an_answer_that_is_too_large_is_unreadable(zygote):
    """A tensor of eighty megabytes is not sent."""
    with zygote.session(
        cells("import torch\ndef big(x):\n    return torch.zeros(10_000_000, dtype=torch.float64)")
    ) as session:
        seen = call(session, "big")
    assert seen.outcome == "unreadable"


def test_replaced_library_functions_stop_nobody(zygote):
    """A program that replaces what the worker itself uses still gets its right answer read."""
    source = (
        "import os, time, json, gc, io, select, signal, struct\n"
        "def broken(*a, **k):\n    raise RuntimeError('replaced')\n"
        "os.fork = os.waitpid = os.kill = os._exit = time.monotonic = json.dumps = gc.freeze = signal.signal = broken\n"
    )
    with zygote.session(cells(source, MSE)) as session:
        assert mse(session).values["value"] == 1.0


def test_clumsy_surroundings_keep_the_answer(zygote):
    """Prints, warnings, threads, changed defaults and a leftover file change no answer."""
    source = (
        "import os, sys, threading, time, warnings, torch\nos.chdir('/')\nos.environ.clear()\nsys.setrecursionlimit(200)\n"
        "warnings.simplefilter('error')\nthreading.Thread(target=time.sleep, args=(30,), daemon=True).start()\n"
        "torch.set_default_dtype(torch.float64)\ntorch.manual_seed(1)\nsys.stdout = None\n"
    )
    noisy = MSE.replace("    return", "    print('noise')\n    warnings.warn('noise')\n    return")
    with zygote.session(cells(source, noisy)) as session:
        seen = mse(session)
    assert seen.values["value"] == 1.0, seen


def test_a_loader_with_two_workers_works(zygote):
    """A DataLoader may start processes of its own in a call."""
    source = (
        "import torch\nfrom torch.utils.data import DataLoader, TensorDataset\n"
        "def load(x):\n    data = TensorDataset(torch.arange(8.0))\n"
        "    return torch.cat([batch[0] for batch in DataLoader(data, batch_size=4, num_workers=2)])"
    )
    with zygote.session(cells(source)) as session:
        seen = call(session, "load")
    assert seen.values["value"].tolist() == list(range(8)), seen


def test_a_question_for_a_device_runs_the_cells_with_it(zygote):
    """A question that names another device than the CPU is answered by a process that ran the cells itself."""
    source = (
        "import os, torch\nparent = os.getpid()\ndef own(x):\n    return torch.tensor(float(os.getpid() == parent))"
    )
    with zygote.session(cells(source)) as session:
        on_device = Question("own", "tensor", {"x": 1.0}, device="cpu:0")
        assert session.ask(on_device).values["value"] == 1.0
        assert call(session, "own").values["value"] == 0.0
        assert session.ask(Question("none", "tensor", {"x": 1.0}, device="cpu:0")).outcome == "missing"


def test_hidden_inputs_are_not_in_the_session_before_the_question(zygote):
    """Nothing of a question is anywhere in the memory of the process that ran the cells."""
    source = (
        "import gc, numpy\ndef search(x):\n    found = [o for o in gc.get_objects() if isinstance(o, dict) and 'a_hidden_name' in o]\n"
        "    return float(len(found))"
    )
    with zygote.session(cells(source)) as session:
        session.ask(Question("search", "number", {"x": 1.0}, {"a_hidden_name": 1.0}))
        seen = session.ask(Question("search", "number", {"x": 1.0}))
    assert seen.values["value"] == 0.0, seen


# -- sessions and the warm process ----------------------------------------------------------------------------


def test_sessions_run_side_by_side(zygote):
    """Several threads may each have a session of one warm process; nothing gets mixed up."""
    found: dict[int, list[float]] = {}

    def work(number: int) -> None:
        source = f"import torch\ndef own(x):\n    return x * {number}"
        with zygote.session(cells(source)) as session:
            found[number] = [float(call(session, "own").values["value"][0]) for _ in range(3)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: [float(number)] * 3 for number in range(4)}


def test_the_environment_of_a_worker_is_clean(zygote, monkeypatch):
    """A worker sees neither the judge's environment nor its command line, and writes into its scratch only."""
    monkeypatch.setenv("SECRET_SEED", "17")
    run = ran(
        zygote, "import os, sys, tempfile\nprint(dict(os.environ), sys.argv, tempfile.gettempdir(), os.getcwd())"
    )[0]
    assert "SECRET_SEED" not in printed(run)
    assert "pytest" not in printed(run)
    assert Path.home().name not in printed(run).split() or Path.home() == Path("/")


def test_the_solutions_cannot_be_imported(zygote):
    """Neither ``solutions`` nor the tests lie on a worker's path."""
    runs = ran(zygote, "import solutions", "import tests")
    assert [run.error.type for run in runs] == ["ModuleNotFoundError", "ModuleNotFoundError"]


def test_the_warm_process_has_one_thread(zygote):
    """A fork is safe only from a process of one thread."""
    if not sys.platform.startswith("linux"):
        pytest.skip("it is read from /proc")
    tasks = Path(f"/proc/{zygote._process.pid}/task")
    assert len(list(tasks.iterdir())) == 1


def test_a_session_leaves_nothing_running(zygote):
    """A detached process of a student's ends with the session."""
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux finds detached processes")
    source = (
        "import ctypes, os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        ctypes.CDLL(None).prctl(15, b'dl-test-left', 0, 0, 0)\n        time.sleep(60)\n    os._exit(0)\ntime.sleep(0.1)"
    )
    with zygote.session(cells(source)):
        pass
    names = subprocess.run(["ps", "-eo", "comm"], capture_output=True, text=True, check=False).stdout.split()
    assert "dl-test-left" not in names


def test_a_warm_process_that_dies_is_replaced_once():
    """A session survives the end of the warm process; the second end is the grader's failure."""
    with Zygote(trust=True) as zygote, zygote.session(cells(MSE)) as session:
        first = zygote._process.pid
        kill(zygote)
        assert mse(session, seconds=60.0).outcome == "returned"
        assert zygote._process.pid != first
        kill(zygote)
        with pytest.raises(GraderError, match="The grader failed, not you"):
            mse(session)


def kill(zygote) -> None:
    """Kill the warm process and give its sessions a moment to end with it."""
    zygote._process.send_signal(signal.SIGKILL)
    zygote._process.wait()
    time.sleep(0.3)


def test_without_isolation_and_trust_nothing_starts():
    """The weakest level needs the word of the instructor."""
    with pytest.raises(IsolationUnavailable, match="--trust-submissions"), Zygote(level="process"):
        pass


def test_the_judges_side_imports_no_torch():
    """The client costs the command line nothing."""
    code = "import sys, graders.engine.worker.client as c; sys.exit('torch' in sys.modules or 'IPython' in sys.modules)"
    root = Path(__file__).parents[1]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
