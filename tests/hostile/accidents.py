"""Right answers in clumsy surroundings, as honest students hand them in: every one earns all its points."""

from __future__ import annotations

from tests.hostile.program import RIGHT, Program

POINTS = 6.0


def beside(name: str, source: str) -> Program:
    """Return a program with something clumsy in the same cell, before the answer."""
    return Program(name, f"{source.strip()}\n{RIGHT}", score=POINTS)


def around(name: str, earlier: str, later: str = "") -> Program:
    """Return a program with clumsy cells before and after the answer's."""
    return Program(name, f"{earlier.strip()}\n# %%\n{RIGHT}\n# %%\n{later.strip()}\n", score=POINTS)


def within(name: str, lines: str) -> Program:
    """Return a program that does something clumsy inside the loop."""
    inside = "\n".join("        " + line for line in lines.strip().splitlines())
    return Program(name, RIGHT.replace("        ws.append", f"{inside}\n        ws.append"), score=POINTS)


NOISE = [
    beside("warns", "import warnings\nwarnings.warn('a warning')\nwarnings.warn_explicit('old', DeprecationWarning, 'x.py', 1)"),
    beside("turns_warnings_into_errors", "import warnings\nwarnings.simplefilter('error')"),
    within("warns_in_the_loop", "import warnings\nwarnings.warn('a warning')\nnp.log(np.array(-1.0))"),
    within("prints_in_the_loop", "print(w, b, error.mean())\nprint('to stderr', file=sys.stderr)"),
    beside("prints_what_is_no_text", "print('\\ud800 \\x00 \\x1b[31m \\u202e')\nsys.stdout.buffer.write(b'\\xff\\xfe')\nos.write(2, b'raw')"),
    beside("prints_a_number_that_looks_like_a_score", "print(0.0)\nprint('6.0')\n0.0"),
    within("logs", "import logging\nlogging.basicConfig(level=0, stream=sys.stdout)\nlogging.getLogger().error('step %d', len(ws))\nlogging.error('%d', 'no number')"),
    within("shows_a_bar_of_its_own", "sys.stdout.write(f'\\r{len(ws)}/{epochs}')\nsys.stdout.flush()"),
    beside("shows_tqdm", "try:\n    from tqdm.auto import tqdm\n    for _ in tqdm(range(3)):\n        pass\nexcept ImportError:\n    pass"),
    beside("shows_html", "from IPython.display import HTML, display\ndisplay(HTML('<script>alert(1)</script>'))\ndisplay({'application/javascript': 'alert(1)'}, raw=True)"),
    within("plots_in_the_loop", "import matplotlib.pyplot as plt\nplt.figure()\nplt.plot(losses)\nplt.show()"),
    beside("leaves_thirty_figures", "import matplotlib.pyplot as plt\nplt.ion()\nplt.style.use('ggplot')\nfor _ in range(30):\n    plt.figure()"),
    around("ends_in_an_error", "1 / 0", "train_batch()"),
    around("has_a_syntax_error", "def broken(:\n    pass", "for"),
    around("checks_itself", "from graders import check", "check(train_batch)\ncheck(train_batch, 'nonsense')"),
    around("has_a_check_that_fails", "", "from graders import check\nassert train_batch is None, 'my own test'"),
]  # fmt: skip

STATE = [
    beside("computes_in_float64_by_default", "torch.set_default_dtype(torch.float64)"),
    beside("computes_in_float16_by_default", "torch.set_default_dtype(torch.float16)"),
    beside("lives_on_meta", "torch.set_default_device('meta')"),
    beside("switches_gradients_off", "torch.set_grad_enabled(False)"),
    beside("enters_inference_mode", "torch.inference_mode().__enter__()"),
    beside("watches_for_anomalies", "torch.autograd.set_detect_anomaly(True)\ntorch.use_deterministic_algorithms(True)"),
    beside("uses_other_threads", "torch.set_num_threads(4)\nwith suppress(RuntimeError):\n    torch.set_num_interop_threads(2)"),
    beside("sets_seeds", "import random\nrandom.seed(0)\nnp.random.seed(0)\ntorch.manual_seed(0)"),
    beside("makes_numpy_raise", "np.seterr(all='raise')\nnp.set_printoptions(precision=1)\ntorch.set_printoptions(precision=1)"),
    beside("has_a_low_recursion_limit", "sys.setrecursionlimit(120)"),
    beside("has_a_high_recursion_limit", "sys.setrecursionlimit(10**7)"),
    beside("collects_no_garbage", "gc.disable()\ngc.set_threshold(1)\ngc.set_debug(gc.DEBUG_STATS)"),
    beside("sets_another_locale", "import locale, decimal\nwith suppress(locale.Error):\n    locale.setlocale(locale.LC_ALL, 'C')\ndecimal.getcontext().prec = 2"),
    beside("goes_elsewhere", "os.mkdir('gone')\nos.chdir('gone')\nos.rmdir('../gone')"),
    beside("empties_the_environment", "os.environ.clear()\nos.umask(0o777)"),
    beside("empties_the_path", "sys.path.clear()\nsys.argv.clear()\nsys.path_importer_cache.clear()"),
    beside("shadows_builtins", "list = [1, 2]\nsum = 3\nmax = min = abs = None\nid = type = 'shadowed'\nnp.float = float"),
    beside("replaces_print", "import builtins\nbuiltins.print = None\nbuiltins.open = None\nbuiltins.input = None"),
    beside("hooks_errors", "sys.excepthook = sys.unraisablehook = None\nthreading.excepthook = None\nimport faulthandler\nfaulthandler.enable(open('faults', 'w'))"),
    beside("registers_endings", "import atexit\natexit.register(lambda: 1 / 0)\natexit.register(os.abort)"),
    beside("sets_an_alarm", "signal.signal(signal.SIGALRM, lambda *_: None)\nsignal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)"),
    beside("ignores_its_children", "signal.signal(signal.SIGCHLD, signal.SIG_IGN)"),
    around("resets_the_notebook", "%reset -f\nfrom graders import History\nfrom torch import Tensor"),
    beside("uses_magics", "%matplotlib inline\n%config InlineBackend.figure_format = 'retina'\n!echo shell\nfiles = !ls"),
]  # fmt: skip

STREAMS = [
    beside("asks_for_input", "name = input('Press Enter to begin')"),
    within("asks_for_input_in_the_loop", "input()"),
    beside("replaces_its_streams", "import io\nsys.stdout = io.StringIO()\nsys.stderr = open(os.devnull, 'w')\nsys.stdin = None"),
    beside("has_no_streams", "sys.stdout = sys.stderr = sys.stdin = None"),
    around("closes_its_streams", "sys.stdout.close()\nsys.stderr.close()\nsys.stdin.close()", "print('later')"),
    Program("closes_its_streams_and_prints", f"sys.stdout.close()\nsys.stderr.close()\n# %%\nprint('later')\n{RIGHT}", score=POINTS),
    around("closes_descriptors", "os.close(0)\nos.close(1)\nos.close(2)"),
    around("closes_every_descriptor", "os.closerange(0, 256)"),
    beside("captures_its_output", "import contextlib, io\ncontextlib.redirect_stdout(io.StringIO()).__enter__()"),
]  # fmt: skip

CELLS = [
    around("leaves_in_a_cell", "sys.exit()", "exit()"),
    around("quits_in_a_cell", "quit()", "os._exit(1)"),
    around("ends_the_process_in_a_cell", "os._exit(0)"),
    Program("ends_the_process_below_its_answer", f"{RIGHT}\nos._exit(0)", score=POINTS),
    around("raises_at_the_root_in_a_cell", "raise BaseException", "raise KeyboardInterrupt"),
    around("crashes_in_a_cell", "ctypes.string_at(0)"),
]

THREADS = [
    beside("has_a_thread_that_prints", "def talk():\n    while True:\n        print('tick')\n        time.sleep(0.001)\nthreading.Thread(target=talk, daemon=True).start()"),
    beside("has_a_thread_that_computes", "def work():\n    while True:\n        torch.ones(50, 50) @ torch.ones(50, 50)\nthreading.Thread(target=work).start()"),
    within("computes_in_a_pool", "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as pool:\n    w, b = pool.map(lambda v: v, (w, b))"),
    beside("keeps_a_pool_open", "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(4)\nlist(pool.map(str, range(20)))"),
    beside("runs_a_program", "subprocess.run(['true'])\nsubprocess.Popen(['sleep', '30'])"),
    beside("uses_asyncio", "import asyncio\nasync def later():\n    await asyncio.sleep(0)\nawait later()"),
    beside("writes_files_of_its_own", "Path('notes.txt').write_text('mine')\nimport tempfile\ntempfile.mkstemp()\ntorch.save(torch.ones(3), 'ones.pt')\nassert torch.load('ones.pt').sum() == 3"),
]  # fmt: skip

FORMS = [
    Program("is_decorated", RIGHT.replace("def train", "import functools\ndef timed(function):\n    @functools.wraps(function)\n    def inner(*a, **k):\n        print(time.time())\n        return function(*a, **k)\n    return inner\n\n@timed\n@torch.no_grad()\ndef train"), score=POINTS),
    Program("is_defined_twice", f"def train_batch():\n    pass\n# %%\n{RIGHT}", score=POINTS),
    Program("is_cached", RIGHT.replace("def train", "import functools\n@functools.lru_cache(maxsize=None)\ndef train"), score=POINTS),
    Program("returns_a_dict_of_arrays", RIGHT.replace("History(ws, bs, losses)", "{'loss': np.array(losses), 'w': torch.tensor(ws, dtype=x.dtype), 'b': tuple(bs)}"), score=POINTS),
]  # fmt: skip

ACCIDENTS = [*NOISE, *STATE, *STREAMS, *CELLS, *THREADS, *FORMS]
