"""On what kind of disk a file lies: SQLite's write-ahead log needs memory shared by all who open it, one computer.

On a disk of the network two computers do not see each other's locks, and both write. So a ledger is not written there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

__all__ = ["ALLOW_NETWORK_DISK", "file_system_of", "is_network_disk", "network_disk_allowed"]

ALLOW_NETWORK_DISK: Final = "XIANJIE_ALLOW_NETWORK_DISK"
"""Set to 1 by somebody who knows that only one computer ever opens the file."""

_NETWORK: Final = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "ncpfs", "afs", "afpfs", "coda", "9p", "webdav", "davfs"),
        *("ceph", "glusterfs", "lustre", "beegfs", "gpfs", "ocfs2", "gfs2", "orangefs", "pvfs2", "acfs"),
        *("vboxsf", "vmhgfs", "virtiofs", "prl_fs", "remote"),
    }
)
_MOUNTS: Final = Path("/proc/self/mountinfo")
_REMOTE_DRIVE: Final = 4  # GetDriveTypeW: DRIVE_REMOTE


def is_network_disk(kind: str) -> bool:
    """Tell whether a kind of file system is served by another computer, or by the host of this one.

    What runs in user space (``fuse.sshfs``) is judged by what stands after the dot; a local one (``fuseblk``) is not.
    """
    name = kind.lower()
    return name in _NETWORK or (name.startswith("fuse.") and name not in {"fuse.ext2", "fuse.ntfs-3g", "fuse.exfat"})


def network_disk_allowed() -> bool:
    """Tell whether somebody has taken it upon himself (``XIANJIE_ALLOW_NETWORK_DISK=1``)."""
    return os.environ.get(ALLOW_NETWORK_DISK) == "1"


def file_system_of(path: Path, mounts: Path = _MOUNTS) -> str:
    """Return the kind of file system of a file that exists or may be made, such as ``ext4``; empty if unknown."""
    if sys.platform == "win32":  # pragma: no cover - only there
        import ctypes  # noqa: PLC0415 - only there

        place = path.resolve()
        remote = str(place).startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(place.anchor) == _REMOTE_DRIVE
        return "remote" if remote else ""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    best, kind = "", ""
    place = os.path.realpath(path)
    for line in lines:
        before, _, after = line.partition(" - ")
        point = _unescaped(before.split(" ")[4])
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):  # of two mounts at one point the later one covers the other
            best, kind = point, after.split(" ")[0]
    return kind


def _unescaped(point: str) -> str:
    for code, sign in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        point = point.replace(code, sign)
    return point
