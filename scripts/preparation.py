"""From a fresh clone to a complete virtual environment. Standard library only: nothing is installed yet."""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin/python"

# The libraries that set type in certificates, and the Debian package of each.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class PreparationError(RuntimeError):
    """Something is missing that the launcher may not or cannot install; the message says what to do."""


def prepare(*, tests: bool) -> None:
    """Python, system packages, virtual environment and requirements; seconds when nothing changed."""
    if sys.version_info < (3, 11):  # noqa: UP036 - runs on older ones, too
        raise PreparationError(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    install_system_packages(tests=tests)
    create_environment()
    install_requirements("requirements-dev.txt" if tests else "requirements.txt")


def browser() -> str | None:
    """The Chromium that browser tests drive: CHROMIUM, or the first one installed."""
    if chosen := os.environ.get("CHROMIUM"):
        return chosen
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def install_system_packages(*, tests: bool) -> None:
    """Install what no wheel brings: with apt-get as root on Debian, otherwise say the line to run."""
    missing = [package for library, package in LIBRARIES.items() if not _loads(library)]
    if tests and browser() is None:
        missing.append("chromium")
    if missing:
        _install_packages(missing)


def create_environment() -> None:
    """Create .venv, or create it anew when its interpreter is gone."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0:
        return
    print("Creating the virtual environment .venv", flush=True)
    if uv := _uv():
        subprocess.run([*uv, "venv", "--quiet", "--clear", "--python", sys.executable, ENVIRONMENT], check=True)
        return
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian leaves it out of the venv module without python3-venv
    except ImportError:
        _install_packages([f"python{sys.version_info.major}.{sys.version_info.minor}-venv"])
    subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)


def install_requirements(name: str) -> None:
    """Install a pinned list, with every hash checked, unless this very list was installed before."""
    requirements = ROOT / name
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    stamp = ENVIRONMENT / f"{name}.sha256"
    if stamp.exists() and stamp.read_text() == digest:
        return
    print(f"Installing {name}", flush=True)
    if uv := _uv():
        installer = [*uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
    else:
        installer = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*installer, "--require-hashes", "-r", requirements], check=True, stdin=subprocess.DEVNULL)
    stamp.write_text(digest)


def _uv() -> list[str] | None:
    """The uv command if there is one that runs; a shim may stand for a uv that is not installed."""
    found = shutil.which("uv")
    if found and subprocess.run([found, "--version"], check=False, capture_output=True).returncode == 0:
        return [found]
    return None


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _install_packages(packages: list[str]) -> None:
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise PreparationError(f"System packages are missing. Run this once, then start again:\n\n    sudo {line}\n")
    print(f"Installing system packages: {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-q"], line.split()):
        done = subprocess.run(
            command, check=False, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if done.returncode:
            raise PreparationError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
