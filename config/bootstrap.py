"""Make .venv and install a lock file into it: `python3 config/bootstrap.py requirements.txt`.

Standard library only, and written so that an old Python can read it and say what is missing.
Uses uv where it is on PATH, else the pip of the new environment. Does nothing when the packages of
the lock file are already there, and then takes a few hundredths of a second.
"""

import fcntl
import os
import subprocess
import sys
from contextlib import contextmanager

MINIMUM = (3, 11)
NEWER = ("python3.13", "python3.12", "python3.11")
IS_NEW_ENOUGH = "import sys; sys.exit(sys.version_info < %r)" % (MINIMUM,)
PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(PROJECT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
INSTALLED = os.path.join(VENV, "installed.txt")


def main(lock):
    if sys.version_info < MINIMUM:
        continue_with_newer_python()
    with one_at_a_time():
        if not works([PYTHON, "-c", IS_NEW_ENOUGH]):
            make_venv()
        if not pins(lock) <= pins(INSTALLED):
            install(lock)


def continue_with_newer_python():
    for name in NEWER:
        if works([name, "-c", IS_NEW_ENOUGH]):
            os.execvp(name, [name] + sys.argv)
    sys.exit(
        "Python %d.%d or newer is needed; this is %s.\n"
        "Install it (Debian, Ubuntu: apt-get install python3 python3-venv), or say where it is:\n"
        "    make run PYTHON=/path/to/python3" % (MINIMUM + (sys.version.split()[0],))
    )


@contextmanager
def one_at_a_time():
    """Keep two commands in one checkout from installing at the same moment."""
    state = os.path.join(PROJECT, "var")
    if not os.path.isdir(state):
        os.mkdir(state)
    with open(os.path.join(state, "install.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_venv():
    say("Making .venv with Python %s" % sys.version.split()[0])
    if uv():
        run([uv(), "venv", "--quiet", "--clear", "--python", sys.executable, VENV])
    elif works([sys.executable, "-c", "import ensurepip"]):
        run([sys.executable, "-m", "venv", "--clear", VENV])
    else:
        sys.exit(
            "This Python cannot make a virtual environment: its venv part is missing.\n"
            "Install it (Debian, Ubuntu: apt-get install python3-venv), or put uv on PATH."
        )


def install(lock):
    say("Installing %d packages from %s" % (len(pins(lock)), os.path.basename(lock)))
    # The lock file names every package, so nothing is left to resolve; nothing is ever compiled here.
    options = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", lock]
    if not (uv() and subprocess.call([uv(), "pip", "install", "--python", PYTHON] + options) == 0):
        install_with_pip(options)  # uv is only faster; pip knows this machine's proxy and certificates
    with open(lock) as source, open(INSTALLED, "w") as target:
        target.write(source.read())


def install_with_pip(options):
    """Show one line per package; pip's own output only when it fails."""
    if not works([PYTHON, "-m", "pip", "--version"]):
        run([PYTHON, "-m", "ensurepip"])
    command = [PYTHON, "-m", "pip", "install", "--no-input", "--no-compile", "--disable-pip-version-check"]
    pip = subprocess.Popen(
        command + ["--progress-bar", "off", "--root-user-action", "ignore"] + options,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    output = []
    for line in iter(pip.stdout.readline, ""):
        output.append(line)
        if line.startswith("Collecting "):
            say("  " + line.split()[1])
        elif line.startswith("Installing collected"):
            say("  unpacking")
        elif line.startswith("WARNING"):
            say(line.rstrip())
    if pip.wait() != 0:
        sys.exit("".join(output[-30:]) + "Installing the packages failed; the reason is above.")


def pins(path):
    """The `name==version; marker` of every package of a lock file; nothing if there is no file."""
    if not os.path.exists(path):
        return set()
    with open(path) as lines:
        return {line.strip(" \\\n") for line in lines if line[0] not in " #\n"}


def uv():
    return "uv" if works(["uv", "--version"]) else None


def works(command):
    """Whether the program exists and succeeds: version managers leave stand-ins on PATH that fail."""
    try:
        with open(os.devnull, "w") as nowhere:
            return subprocess.call(command, stdout=nowhere, stderr=nowhere) == 0
    except OSError:
        return False


def run(command):
    if subprocess.call(command) != 0:
        sys.exit("This failed: " + " ".join(command))


def say(line):
    print(line)
    sys.stdout.flush()


if __name__ == "__main__":
    main(os.path.join(PROJECT, sys.argv[1]))
