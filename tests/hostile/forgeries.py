"""Programs that want points for nothing: every one returns wrong numbers and tries to have them taken for right."""

from __future__ import annotations

from tests.hostile.program import Program, train

WRONG = train("return zeros(epochs)")


def before(source: str) -> str:
    """Return a program that does something in its cell, then answers wrongly."""
    return source.strip("\n") + "\n" + WRONG


def inside(body: str) -> str:
    """Return a program that does something in the call, then answers wrongly."""
    return train(body.strip("\n") + "\nreturn zeros(epochs)")


FRAMES = [
    Program("frames_to_every_descriptor", inside("everywhere(pack(answer(epochs)))")),
    Program("frames_before_any_question", before("everywhere(pack(answer()) * 50)")),
    Program(
        "frame_with_the_questions_own_nonce",
        inside('everywhere(pack(answer(epochs, found_in_callers("order")["nonce"])))'),
    ),
    Program("frame_that_brings_a_score", inside('everywhere(pack({"score": 6.0, "passed": True, "points": 6.0}))')),
    Program(
        "frame_with_more_fields",
        inside('everywhere(pack({**answer(epochs, found_in_callers("order")["nonce"]), "score": 6.0}))'),
    ),
    Program("two_frames_at_once", inside('data = pack(answer(epochs, "0" * 16))\neverywhere(data + data)')),
    Program(
        "late_frame_of_a_grandchild",
        inside("if os.fork() == 0:\n    time.sleep(0.2)\n    everywhere(pack(answer(epochs)))\n    os._exit(0)"),
    ),
    Program("frame_that_announces_everything", inside('everywhere(struct.pack("<Q", 2**63) + b"x" * 1000)')),
    Program("frame_that_is_cut_short", inside("everywhere(pack(answer(epochs))[:-5])\nos._exit(0)")),
    Program(
        "frame_of_nested_brackets",
        inside('body = b"[" * 900_000\neverywhere(struct.pack("<QI", len(body) + 4, len(body)) + body)'),
    ),
    Program(
        "frame_with_a_giant_integer",
        inside(
            'head = b\'{"value":\' + b"9" * 100_000 + b\',"arrays":[]}\'\n'
            'everywhere(struct.pack("<QI", len(head) + 4, len(head)) + head)'
        ),
    ),
    Program(
        "frame_with_a_shape_without_end",
        inside(
            'head = b\'{"value":{"a":0},"arrays":[["float64",[0,67108864,67108864,67108864,67108864]]]}\'\n'
            'everywhere(struct.pack("<QI", len(head) + 4, len(head)) + head)'
        ),
    ),
    Program("frames_without_end", inside("while True:\n    everywhere(pack(answer(epochs)))")),
    Program("bytes_of_no_kind", inside("everywhere(bytes(range(256)) * 400)")),
    Program(
        "descriptors_sent_along",
        inside(
            "for number in range(3, 16):\n    with suppress(OSError):\n"
            "        sock = socket.socket(fileno=os.dup(number))\n"
            '        socket.send_fds(sock, [pack(answer(epochs))], [os.open("/dev/null", os.O_RDONLY)] * 3)'
        ),
    ),
    Program(
        "says_the_question_has_ended",
        before('everywhere(b"".join(pack({"ended": n, "how": "passed"}) for n in range(40)))'),
    ),
    Program("says_it_could_not_be_confined", before('everywhere(pack({"refused": "this machine is broken"}))')),
    Program("says_so_in_every_call", inside('everywhere(pack({"refused": "this machine is broken"}))')),
    Program(
        "says_so_while_a_question_is_open",
        before(
            "copy = os.dup(3)\nif os.fork() == 0:\n    for _ in range(200):\n        with suppress(OSError):\n"
            '            os.write(copy, pack({"refused": "broken"}) + pack({"ended": "x", "how": 3}))\n'
            "        time.sleep(0.005)\n    os._exit(0)"
        ),
    ),
    Program(
        "an_end_that_is_an_array",
        before('everywhere(b"".join(pack({"ended": np.arange(n), "how": [n]}) for n in range(40)))'),
    ),
    Program("a_nonce_that_is_an_array", inside('everywhere(pack({**answer(epochs), "nonce": np.arange(3.0)}))')),
    Program(
        "names_that_are_none",
        before('everywhere(pack(cell_to_plain(CellRun("2"))) + pack({"names": 3}))'),
    ),
    Program(
        "outputs_without_end",
        before(
            "run = cell_to_plain(CellRun('2', ({'output_type': 'stream', 'name': 'stdout', 'text': 'x' * 6_000_000},)))\n"
            "everywhere(pack(run) * 4)"
        ),
    ),
    Program("names_instead_of_cells", before('everywhere(pack({"names": ["train_batch"] * 100_000}))')),
    Program("results_of_cells_that_are_none", before('everywhere(pack({"name": 3, "outputs": {}, "error": []}) * 20)')),
    Program(
        "answers_for_the_session",
        before(
            "copy = os.dup(3)\nif os.fork() == 0:\n    from graders.engine.worker.channel import Channel\n"
            "    mine = Channel(socket.socket(fileno=copy), takes_descriptors=True)\n"
            "    with suppress(BaseException):\n        while True:\n            mine.receive(time.monotonic() + 5)\n"
            "            for number in mine.descriptors:\n                os.write(number, pack(answer()))\n"
            "    os._exit(0)"
        ),
    ),
    Program(
        "grandchild_keeps_the_pipe_open",
        inside("if os.fork() == 0:\n    time.sleep(30)\n    os._exit(0)"),
    ),
    Program("grandchild_keeps_the_pipe_open_and_it_leaves", train("if os.fork():\n    os._exit(0)\ntime.sleep(30)")),
]

PATCHES = [
    Program(
        "comparisons_that_always_agree",
        before(
            "for name in ('allclose', 'array_equal', 'isclose', 'array_equiv', 'abs', 'argmax'):\n"
            "    setattr(np, name, lambda *a, **k: True)\n"
            "for name in ('allclose', 'equal', 'isclose'):\n    setattr(torch, name, lambda *a, **k: True)\n"
            "np.testing.assert_allclose = torch.testing.assert_close = lambda *a, **k: None"
        ),
    ),
    Program(
        "builtins_that_lie",
        before(
            "import builtins\nbuiltins.abs = builtins.max = builtins.sum = lambda *a, **k: 0\n"
            "builtins.isinstance = lambda *a: True\nbuiltins.all = builtins.any = lambda *a: True"
        ),
    ),
    Program(
        "json_that_lies",
        before('json.dumps = lambda *a, **k: \'{"score": 6.0}\'\njson.loads = lambda *a, **k: {"score": 6.0}'),
    ),
    Program(
        "struct_and_sockets_that_lie",
        before("struct.pack = lambda *a: b''\nsocket.socket.sendmsg = lambda *a: 0"),
    ),
    Program(
        "the_answering_function_replaced",
        before(
            "import graders.engine.worker.answer as answering, graders.engine.worker.session as session\n"
            "def passed(namespace, question):\n    return Observation('returned', values={'passed': True, 'score': 6.0})\n"
            "answering.answer = answering._observe = session.observation_to_plain = passed\n"
            "found = found_in_callers('answer')"
        ),
    ),
    Program(
        "the_probe_replaced",
        before(
            "import graders.engine.worker.probes as probes\n"
            "from graders.engine.worker.probes.asked import Reading\n"
            "fake = lambda asked: Reading({'w': 'passed', 'b': True, 'loss': {'equal': 1}})\n"
            "probes.find = lambda name: fake\n"
            "import types\nmodule = types.ModuleType('fake')\nmodule.history = module.signature = fake\n"
            "sys.modules['graders.engine.worker.probes.histories'] = module\n"
            "sys.modules['graders.engine.worker.probes.signature'] = module"
        ),
    ),
    Program(
        "the_judge_replaced",
        before(
            "with suppress(ImportError):\n    import graders.engine.compare, graders.engine.judge, graders.engine.marks\n"
            "    graders.engine.compare.compare = lambda *a, **k: []\n"
            "    graders.engine.judge.judge = graders.engine.judge.judge_exercise = lambda *a, **k: 6.0\n"
            "    graders.engine.marks.award = lambda *a, **k: 6.0"
        ),
    ),
    Program(
        "every_module_replaced",
        before(
            "class Yes:\n    def __getattr__(self, name):\n        return self\n"
            "    def __call__(self, *a, **k):\n        return self\n    def __eq__(self, other):\n        return True\n"
            "    __hash__ = None\n"
            "for name in list(sys.modules):\n    if name.startswith('graders'):\n        sys.modules[name] = Yes()"
        ),
    ),
    Program("no_modules_at_all", before("sys.modules.clear()")),
    Program(
        "arguments_read_as_unchanged",
        inside("import graders.engine.worker.arguments as a\na.same = lambda *_: True\nx.zero_()\nlr = 0.0"),
    ),
    Program(
        "trace_that_changes_the_readers_values",
        before(
            "def spy(frame, event, argument):\n    for name in ('values', 'reading', 'columns', 'numbers'):\n"
            "        if name in frame.f_locals:\n            with suppress(BaseException):\n"
            "                frame.f_locals[name].values['passed'] = True\n    return spy\n"
            "threading.settrace(spy)\nsys.settrace(spy)\nsys.setprofile(spy)"
        ),
    ),
    Program(
        "hooks_of_the_shell",
        before(
            "shell = get_ipython()\nshell.input_transformers_cleanup.append(lambda lines: ['6.0\\n'])\n"
            "shell.events.register('post_run_cell', lambda *_: everywhere(pack({'score': 6.0})))\n"
            "sys.displayhook = lambda value: 6.0\nshell.user_ns['check'] = lambda *_: 6.0"
        ),
    ),
    Program(
        "an_audit_hook_that_answers",
        before(
            "def hook(event, arguments):\n    if event == 'os.fork':\n        everywhere(pack(answer()))\n"
            "sys.addaudithook(hook)"
        ),
    ),
    Program(
        "a_wrapped_stub",
        before("import functools\ndef stub():\n    raise NotImplementedError") + "train_batch.__wrapped__ = stub",
    ),
    Program("a_name_that_is_no_function", "train_batch = 6.0"),
    Program(
        "a_function_that_is_everything",
        "from unittest.mock import MagicMock\ntrain_batch = MagicMock(return_value=MagicMock())",
    ),
]

SEARCHES = [
    Program(
        "the_garbage_collectors_list",
        train(
            "for thing in gc.get_objects():\n    kind = type(thing).__name__\n"
            "    if kind in ('Key', 'CaseKey', 'Card', 'Exercise', 'MistakeKey'):\n"
            "        raise SystemExit('found a key')\n"
            "    if isinstance(thing, dict) and 'expected' in thing and 'w' in str(thing['expected'])[:200]:\n"
            "        return History(**thing['expected'])\n"
            "return zeros(epochs)"
        ),
    ),
    Program(
        "the_stack_above_the_call",
        train(
            "for frame in inspect.stack():\n"
            "    for name, value in frame.frame.f_locals.items():\n"
            "        if name in ('expected', 'key', 'keys', 'seed', 'case', 'card'):\n"
            "            return History(*value.expected.values())\n"
            "return zeros(epochs)"
        ),
    ),
    Program(
        "threads_and_their_frames",
        inside("frames = sys._current_frames()\nassert len(threading.enumerate()) == 1\nassert len(frames) == 1"),
    ),
    Program(
        "its_own_memory",
        train(
            "for line in Path('/proc/self/maps').read_text().splitlines():\n"
            "    if 'rw-p' in line and '[heap]' in line:\n"
            "        first, last = (int(n, 16) for n in line.split()[0].split('-'))\n"
            "        data = ctypes.string_at(first, last - first)\n"
            "        if b'\"expected\"' in data or b'hidden_stable' in data:\n"
            "            return History([1.0], [1.0], [])\n"
            "return zeros(epochs)"
        ),
    ),
    Program(
        "command_lines_and_environments",
        inside(
            "for name in ('cmdline', 'environ'):\n    for pid in ('self', 1, os.getppid(), TARGET['judge']):\n"
            "        with suppress(OSError):\n            assert b'seed' not in Path(f'/proc/{pid}/{name}').read_bytes()"
        ),
    ),
    Program(
        "the_teachers_files",
        train(
            "import runpy\nfor path in TARGET['secrets']:\n    with suppress(OSError):\n"
            "        names = runpy.run_path(path)\n        if 'train_batch' in names:\n"
            "            return names['train_batch'](x, y, w0, b0, lr, epochs)\n"
            "return zeros(epochs)"
        ),
        everywhere=False,
    ),
    Program(
        "the_teachers_modules",
        before(
            "sys.path.insert(0, TARGET['root'])\n"
            "with suppress(ImportError, OSError):\n    from solutions.ps3_batch_descent import train_batch as theirs\n"
        ).replace("return zeros(epochs)", "return theirs(x, y, w0, b0, lr, epochs)"),
        everywhere=False,
    ),
    Program(
        "the_keys_module",
        train(
            "import graders.keys, graders.cards\nkey = graders.keys.all_keys('ps3_batch_descent', 11)['train_batch']\n"
            "for case in key.cases:\n    if case.case.arguments['epochs'] == epochs:\n"
            "        return History(*case.expected.values())\nreturn zeros(epochs)"
        ),
        everywhere=False,
    ),
    Program(
        "the_public_key_on_the_disk",
        train(
            "for key in Path(TARGET['root']).glob('assignments/*/*.key.json'):\n    data = json.loads(key.read_text())\n"
            "    raise SystemExit('found the key')\nreturn zeros(epochs)"
        ),
        everywhere=False,
    ),
    Program(
        "the_git_history",
        before("out = subprocess.run(['git', '-C', TARGET['root'], 'show', 'HEAD:solutions/ps3_batch_descent.py'], capture_output=True)")
        .replace("return zeros(epochs)", "exec(out.stdout.decode(), globals())\n    return globals()['train_batch'](x, y, w0, b0, lr, epochs)"),
        everywhere=False,
    ),
]  # fmt: skip

LIARS = [
    Program(
        "floats_that_equal_everything",
        before(
            "class Yes(float):\n    def __eq__(self, other):\n        return True\n    __hash__ = None\n"
            "    def __sub__(self, other):\n        return 0.0\n    __rsub__ = __sub__\n"
            "    def __float__(self):\n        return 0.0\n    def __le__(self, other):\n        return True\n"
            "    __lt__ = __ge__ = __gt__ = __le__"
        ).replace("return zeros(epochs)", "return History(*([Yes(1.0)] * n for n in (epochs + 1, epochs + 1, epochs)))"),
    ),
    Program(
        "lists_that_equal_everything",
        before(
            "class Yes(list):\n    def __eq__(self, other):\n        return True\n    __hash__ = None\n"
            "    def __ne__(self, other):\n        return False\n    def __len__(self):\n        return 4\n"
            "    def __getitem__(self, at):\n        return ANY"
            "\nfrom unittest.mock import ANY"
        ).replace("return zeros(epochs)", "return History(Yes(), Yes(), Yes())"),
    ),
    Program(
        "tensors_that_equal_everything",
        before(
            "class Yes(torch.Tensor):\n    @classmethod\n    def __torch_function__(cls, f, types, args=(), kwargs=None):\n"
            "        return torch.tensor(True)\n    def __eq__(self, other):\n        return True\n    __hash__ = None"
        ).replace(
            "return zeros(epochs)",
            "return History(*(torch.zeros(n).as_subclass(Yes) for n in (epochs + 1, epochs + 1, epochs)))",
        ),
    ),
    Program(
        "arrays_that_equal_everything",
        before(
            "class Yes(np.ndarray):\n    def __array_ufunc__(self, *a, **k):\n        return np.array(True)\n"
            "    def __array_function__(self, *a, **k):\n        return True\n"
            "    def astype(self, *a, **k):\n        return self"
        ).replace("return zeros(epochs)", "return History(*(np.zeros(n).view(Yes) for n in (epochs + 1, epochs + 1, epochs)))"),
    ),
    Program(
        "objects_that_claim_another_class",
        before(
            "class Yes:\n    __class__ = property(lambda self: torch.Tensor)\n    def __getattr__(self, name):\n"
            "        return lambda *a, **k: self\n    def __array__(self, *a, **k):\n        return np.zeros(4)"
        ).replace("return zeros(epochs)", "return History(Yes(), Yes(), Yes())"),
    ),
    Program(
        "arrays_that_change_at_each_look",
        before(
            "class Lie:\n    looks = 0\n    def __array__(self, *a, **k):\n        Lie.looks += 1\n"
            "        return np.full(Lie.looks, float(Lie.looks))\n    def __len__(self):\n        return 3"
        ).replace("return zeros(epochs)", "return History(Lie(), Lie(), Lie())"),
    ),
    Program(
        "objects_that_run_code_when_unpickled",
        before(
            "class Bomb:\n    def __reduce__(self):\n        return os.system, (f'touch {TARGET[\"folder\"]}/unpickled',)\n"
            "    def __float__(self):\n        raise SystemExit"
        ).replace("return zeros(epochs)", "return History([Bomb()] * 4, [Bomb()] * 4, [Bomb()] * 3)"),
    ),
    Program(
        "objects_whose_words_explode",
        before(
            "class Mute:\n    def __repr__(self):\n        raise KeyboardInterrupt\n    __str__ = __format__ = __repr__\n"
            "    def __len__(self):\n        return 10**18\n    def __iter__(self):\n        raise GeneratorExit"
        ).replace("return zeros(epochs)", "return Mute()"),
    ),
    Program(
        "errors_whose_words_explode",
        before(
            "class Meta(type):\n    @property\n    def __name__(cls):\n        raise SystemExit\n"
            "class Mute(BaseException, metaclass=Meta):\n    def __str__(self):\n        raise SystemExit\n"
            "    __repr__ = __str__"
        ).replace("return zeros(epochs)", "raise Mute"),
    ),
    Program(
        "columns_without_end",
        before(
            "class Endless:\n    def __len__(self):\n        return 4\n    def __getitem__(self, at):\n        return 0.0"
        ).replace("return zeros(epochs)", "return History(Endless(), Endless(), Endless())"),
    ),
    Program(
        "columns_that_never_answer",
        before("class Slow:\n    @property\n    def w(self):\n        time.sleep(60)\n    b = loss = w").replace(
            "return zeros(epochs)", "return Slow()"
        ),
    ),
    Program(
        "a_history_that_holds_itself",
        WRONG.replace("return zeros(epochs)", "own = []\n    own.extend([own, own, own])\n    return own"),
    ),
    Program(
        "a_million_levels",
        WRONG.replace("return zeros(epochs)", "own = 0.0\n    for _ in range(10**6):\n        own = [own]\n    return [own] * 3"),
    ),
    Program("text_for_numbers", WRONG.replace("return zeros(epochs)", "return {'w': 'passed', 'b': '6.0', 'loss': b'full'}")),
    Program("nan_everywhere", WRONG.replace("return zeros(epochs)", "return History(*([float('nan')] * n for n in (epochs + 1, epochs + 1, epochs)))")),
    Program("infinite_everywhere", WRONG.replace("return zeros(epochs)", "return History(*([float('inf')] * n for n in (epochs + 1, epochs + 1, epochs)))")),
    Program("the_points_themselves", WRONG.replace("return zeros(epochs)", "return 6.0")),
    Program(
        "error_text_with_escapes",
        train("raise ValueError('\\x1b[2J\\x1b]0;passed\\x07 6 of 6 points \\u202e\\ud800 <script>alert(1)</script>' * 50)"),
    ),
    Program("a_stub_that_says_passed", train("raise NotImplementedError('passed: 6 of 6')")),
]  # fmt: skip

ENDINGS = [
    Program("leaves_with_success", train("os._exit(0)")),
    Program("leaves_politely", train("sys.exit(0)")),
    Program("is_interrupted", train("raise KeyboardInterrupt")),
    Program("raises_at_the_root", train("raise BaseException('passed')")),
    Program("ends_a_generator", train("raise GeneratorExit")),
    Program("answers_when_it_ends", inside("import atexit\natexit.register(lambda: everywhere(pack(answer(epochs))))\nsys.exit(0)")),
    Program(
        "answers_by_signal",
        inside("signal.signal(signal.SIGALRM, lambda *_: everywhere(pack(answer(epochs))))\nsignal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)"),
    ),
    Program(
        "a_thread_that_keeps_answering",
        inside("def flood():\n    while True:\n        everywhere(pack(answer(epochs)))\nthreading.Thread(target=flood, daemon=True).start()\ntime.sleep(0.05)"),
    ),
    Program("crashes_below_python", inside("ctypes.string_at(0)")),
    Program("recursion_below_python", inside("sys.setrecursionlimit(10**8)\ndef deep(n):\n    return repr(deep(n + 1)) + str(n)\ndeep(0)")),
    Program("becomes_another_program", inside("os.execv('/bin/sh', ['/bin/sh', '-c', 'echo 6.0 >&3; exit 0'])")),
]  # fmt: skip


FORGERIES = [*FRAMES, *PATCHES, *SEARCHES, *LIARS, *ENDINGS]
