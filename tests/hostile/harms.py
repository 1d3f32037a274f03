"""Programs that do harm: to files, processes, the network, the machine. Each then answers rightly, if it still can."""

from __future__ import annotations

from tests.hostile.program import RIGHT, Program


def harm(name: str, source: str) -> Program:
    """Return a program that does harm in its cell, and answers rightly from the next cell on."""
    return Program(name, f"{source.strip()}\n# %%\n{RIGHT}", score=None, everywhere=False)


def harm_in_call(name: str, body: str) -> Program:
    """Return a program whose call does harm, then answers rightly."""
    lines = "\n".join("    " + line for line in body.strip().splitlines())
    call = f"{RIGHT}\nright = train_batch\ndef train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:\n"
    return Program(name, f"{call}{lines}\n    return right(x, y, w0, b0, lr, epochs)\n", score=None, everywhere=False)


FILES = [
    harm("writes_to_a_file_of_others", "for mode in 'wa', 'r+':\n    with suppress(OSError):\n        Path(TARGET['file']).open(mode).write('forged')"),
    harm("truncates_a_file_of_others", "with suppress(OSError):\n    os.truncate(TARGET['file'], 0)"),
    harm("deletes_a_file_of_others", "with suppress(OSError):\n    os.remove(TARGET['file'])\nimport shutil\nshutil.rmtree(TARGET['folder'], ignore_errors=True)"),
    harm("renames_a_file_of_others", "with suppress(OSError):\n    os.rename(TARGET['file'], TARGET['folder'] + '/moved')"),
    harm("makes_files_for_others", "for name in TARGET['folder'], TARGET['root'], '/tmp', '/var/tmp', '/dev/shm', '/run', '/home':\n    with suppress(OSError):\n        Path(name, TARGET['mark']).write_text('left')"),
    harm("changes_permissions", "for path in TARGET['file'], TARGET['folder']:\n    with suppress(OSError):\n        os.chmod(path, 0o700)\n    with suppress(OSError):\n        subprocess.run(['chmod', '600', path], capture_output=True)"),
    harm("changes_owners", "for path in TARGET['file'], TARGET['folder']:\n    with suppress(OSError):\n        os.chown(path, os.getuid(), os.getgid())"),
    harm("changes_times", "for path in TARGET['file'], TARGET['folder']:\n    with suppress(OSError):\n        os.utime(path, (1, 1))"),
    harm("changes_attributes", "with suppress(OSError):\n    os.setxattr(TARGET['file'], 'user.forged', b'1')"),
    harm("links_to_files_of_others", "for link in os.symlink, os.link:\n    with suppress(OSError):\n        link(TARGET['file'], link.__name__)\n        Path(link.__name__).write_text('forged')"),
    harm("goes_through_proc", "for pid in 'self', 1, os.getppid(), TARGET['judge']:\n    for name in 'root', 'cwd':\n        with suppress(OSError):\n            Path(f'/proc/{pid}/{name}{TARGET[\"file\"]}').write_text('forged')"),
    harm("changes_the_libraries", "for module in torch, np, json:\n    with suppress(OSError):\n        Path(module.__file__).with_name(TARGET['mark'] + '.py').write_text('forged')\nimport graders\nwith suppress(OSError):\n    Path(graders.__file__).open('a').write('# forged')"),
    harm("leaves_a_deep_and_locked_tree", "for _ in range(1200):\n    os.mkdir('d')\n    os.chdir('d')\nos.chmod('.', 0)\nos.chdir('/')"),
    harm(
        "hides_files_deeper_than_a_path_reaches",
        "name = 'd' * 200\nfor _ in range(40):\n    os.mkdir(name)\n    os.chdir(name)\n"
        "with open('hidden', 'wb') as file, suppress(OSError):\n    os.posix_fallocate(file.fileno(), 0, 32 << 20)\n"
        "time.sleep(0.7)\nos.chdir('/')",
    ),
    harm("leaves_odd_files", "os.mkfifo('fifo')\nos.symlink('/dev/zero', 'zero')\nos.symlink('loop', 'loop')\nPath('new\\nline').write_text('')\nopen(b'\\xff\\xfe', 'w').close()\nwith suppress(OSError):\n    os.mknod('device', 0o60666, os.makedev(8, 0))\nwith open('sparse', 'wb') as file, suppress(OSError):\n    file.truncate(200 << 20)"),
    harm("modules_named_like_libraries", "for name in 'numpy', 'torch', 'json', 'graders', 'sitecustomize', 'histories':\n    Path(name + '.py').write_text('raise SystemExit(\"forged\")')"),
]  # fmt: skip

PROCESSES = [
    harm("kills_the_judge", "for pid in TARGET['judge'], TARGET['zygote'], TARGET['bystander']:\n    for number in signal.SIGTERM, signal.SIGKILL:\n        with suppress(OSError):\n            os.kill(pid, number)"),
    harm("kills_its_parent", "for pid in os.getppid(), 1:\n    for number in signal.SIGTERM, signal.SIGKILL:\n        with suppress(OSError):\n            os.kill(pid, number)"),
    harm("stops_its_parent", "for pid in os.getppid(), 1:\n    with suppress(OSError):\n        os.kill(pid, signal.SIGSTOP)"),
    harm_in_call("kills_everyone", "with suppress(OSError):\n    os.kill(-1, signal.SIGKILL)"),
    harm_in_call("kills_its_session", "with suppress(OSError):\n    os.kill(os.getppid(), signal.SIGKILL)"),
    harm_in_call("stops_itself", "os.kill(os.getpid(), signal.SIGSTOP)"),
    harm("traces_others", "libc = ctypes.CDLL(None, use_errno=True)\nfor pid in TARGET['judge'], TARGET['bystander'], os.getppid(), 1:\n    libc.ptrace(16, pid, None, None)\n    libc.ptrace(0x4206, pid, None, None)"),
    harm("leaves_a_daemon", "libc = ctypes.CDLL(None)\nif os.fork() == 0:\n    os.setsid()\n    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    signal.signal(signal.SIGHUP, signal.SIG_IGN)\n    if os.fork() == 0:\n        libc.prctl(1, 0, 0, 0, 0)\n        time.sleep(60)\n    os._exit(0)"),
    harm("leaves_a_program", "subprocess.Popen(['sleep', '60'], start_new_session=True)\nsubprocess.Popen('nohup sleep 60 & disown', shell=True, executable='/bin/sh')"),
    harm_in_call("leaves_a_program_in_every_call", "subprocess.Popen(['sleep', '60'], start_new_session=True)"),
    harm("forks_three_hundred_times", "for _ in range(300):\n    try:\n        if os.fork() == 0:\n            time.sleep(60)\n            os._exit(0)\n    except OSError:\n        break"),
    harm("forks_generation_after_generation", "if os.fork() == 0:\n    for _ in range(200):\n        with suppress(OSError):\n            if os.fork():\n                os._exit(0)\n        os.setsid() if os.getpgrp() != os.getpid() else None\n    time.sleep(60)\n    os._exit(0)"),
    harm("starts_five_hundred_threads", "def wait():\n    time.sleep(60)\ntry:\n    for _ in range(500):\n        threading.Thread(target=wait, daemon=True).start()\nexcept RuntimeError:\n    pass"),
    harm("raises_its_own_limits", "import resource\nfor kind in resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE:\n    with suppress(OSError, ValueError):\n        resource.setrlimit(kind, (resource.RLIM_INFINITY,) * 2)\n    with suppress(OSError, ValueError):\n        resource.prlimit(TARGET['judge'], kind, (1, 1))\nwith suppress(OSError):\n    os.setpriority(os.PRIO_PROCESS, TARGET['judge'], 19)\nwith suppress(OSError):\n    os.sched_setaffinity(TARGET['bystander'], {0})"),
    harm("becomes_someone_else", "libc = ctypes.CDLL(None)\nfor call in os.setuid, os.setgid:\n    with suppress(OSError):\n        call(0)\nlibc.unshare(0x10000000)\nlibc.mount(b'tmpfs', b'/', b'tmpfs', 0, None)\nwith suppress(OSError):\n    os.chroot('.')\nsubprocess.run(['su', '-c', 'id'], stdin=subprocess.DEVNULL, capture_output=True) if Path('/bin/su').exists() else None"),
]  # fmt: skip

NETWORK = [
    harm("calls_a_program_of_this_machine", "with suppress(OSError):\n    socket.create_connection(('127.0.0.1', TARGET['port']), timeout=1).sendall(b'hello')"),
    harm_in_call("calls_in_every_call", "with suppress(OSError):\n    socket.create_connection(('127.0.0.1', TARGET['port']), timeout=1).sendall(b'hello')"),
    harm("sends_a_datagram", "with suppress(OSError):\n    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'hello', ('127.0.0.1', TARGET['port']))"),
    harm("calls_an_abstract_address", "with suppress(OSError):\n    socket.socket(socket.AF_UNIX).connect('\\0' + TARGET['mark'])"),
    harm("calls_a_socket_in_a_folder", "with suppress(OSError):\n    socket.socket(socket.AF_UNIX).connect(TARGET['socket'])"),
    harm("waits_for_calls", "server = None\nwith suppress(OSError):\n    server = socket.create_server(('127.0.0.1', TARGET['free_port']))\n    if os.fork() == 0:\n        server.accept()\n        os._exit(0)"),
    harm("leaves_shared_memory", "libc = ctypes.CDLL(None)\nlibc.shmget(0x5eed, 4096, 0o1666)\nlibc.semget(0x5eed, 1, 0o1666)\nlibc.msgget(0x5eed, 0o1666)"),
]  # fmt: skip

GREED = [
    harm("prints_fifty_megabytes", "for _ in range(50):\n    print('x' * 1_000_000)"),
    harm_in_call("prints_in_every_call", "for _ in range(20):\n    print('x' * 1_000_000)\n    os.write(1, b'x' * 1_000_000)"),
    harm("shows_fifty_megabytes", "from IPython.display import HTML, display\nfor _ in range(50):\n    display(HTML('x' * 1_000_000))"),
    Program("answers_with_a_gigabyte", RIGHT.replace("return History(ws, bs, losses)", "return History(torch.zeros(()).expand(2**27), bs, losses)"), everywhere=False),
    Program("answers_with_a_huge_list", RIGHT.replace("return History(ws, bs, losses)", "return History([0.0] * 20_000_000, bs, losses)"), score=3.0, everywhere=False),
    harm("reserves_all_memory", "kept = []\nwith suppress(MemoryError):\n    while True:\n        kept.append(bytearray(1 << 30))"),
    harm_in_call("reserves_all_memory_in_the_call", "kept = []\nwith suppress(MemoryError, RuntimeError):\n    while True:\n        kept.append(torch.empty(1 << 28))\ndel kept"),
    harm("fills_the_disk", "with suppress(OSError):\n    for number in range(12):\n        with open(f'full{number}', 'wb') as file:\n            os.posix_fallocate(file.fileno(), 0, 32 << 20)"),
    harm("makes_many_files", "with suppress(OSError):\n    for number in range(9000):\n        os.close(os.open(f'{number}', os.O_CREAT | os.O_WRONLY))"),
    harm("opens_everything", "with suppress(OSError):\n    while True:\n        os.dup(1)"),
    Program("never_ends_in_a_cell", f"while True:\n    pass\n# %%\n{RIGHT}", score=None, everywhere=False),
    Program("never_ends_in_the_call", RIGHT.replace("n = len(x)", "n = len(x)\n    while True:\n        pass"), everywhere=False),
    Program("sleeps_deaf_in_the_call", RIGHT.replace("n = len(x)", "n = len(x)\n    for number in range(1, 32):\n        with suppress(OSError, ValueError):\n            signal.signal(number, signal.SIG_IGN)\n    time.sleep(60)"), everywhere=False),
    Program("never_ends_below_python", RIGHT.replace("n = len(x)", "n = len(x)\n    import re\n    re.match(r'(a*)*b', 'a' * 60)"), everywhere=False),
]  # fmt: skip

HARMS = [*FILES, *PROCESSES, *NETWORK, *GREED]
