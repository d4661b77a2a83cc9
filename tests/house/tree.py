# SPDX-License-Identifier: Apache-2.0
# The project's files as the house checks see them: every file of the working tree that is not built, hidden or ignored, with
# its path relative to the root. A violation is one line, `path:line: what`.
import os

SKIPPED_FOLDERS = ("build", "__pycache__")
WINGS = ("runtime", "instrument", "analyzer")


def is_skipped(name):
    return name.startswith(".") or name.startswith(SKIPPED_FOLDERS)


def files(root):
    """Relative paths of all files, sorted; dot-folders (git: of a worktree a file) and build folders are left out."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not is_skipped(name))
        for name in names:
            found.append(os.path.relpath(os.path.join(folder, name), root))
    return sorted(path for path in found if path != ".git" and not path.endswith((".gtrace", ".pyc")))


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def room_of(path):
    """`runtime/record` for runtime/record/ring.cc; None outside the wings and in a wing's own folder."""
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] in WINGS and len(parts) > 2 else None


def is_cpp(path):
    return path.endswith((".h", ".cc", ".c", ".def"))


def is_script(root, path):
    return "." not in os.path.basename(path) and read(root, path).startswith("#!")
