#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# readme.py BUILD ROOT [--update]: what README.md quotes is what comes out. A comment before a code block says what it quotes:
#   <!-- program: FILE -->   the file, without its licence line
#   <!-- report: FOLDER -->  what `gordian run` prints for that sample
#   <!-- picture: FILE -->   the picture of that sample, stored beside it
# Compared without what differs from run to run: ids of goroutines, times, counts, who was first. --update rewrites the quotes instead.
import os
import re
import sys
import tempfile
import xml.etree.ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "support")]
import gordian

QUOTE = re.compile(r"(<!-- (program|report|picture): (\S+) -->\n)(```\w*\n(.*?)```\n)?", re.DOTALL)
VARYING = (
    (re.compile(r"\bg\d+\b"), "g#"),
    (re.compile(r"goroutine g?\d+"), "goroutine #"),
    (re.compile(r"\(?\b\d+(\.\d+)? (s|ms|us|ns)\b\)?"), "#"),
    (re.compile(r"\bfirst used \S+:\d+"), "first used #"),
    (re.compile(r"[\d,]+ (event|memory access|goroutine)(e?s)?"), r"# \1"),
)


def without_varying(text):
    for pattern, instead in VARYING:
        text = pattern.sub(instead, text)
    return re.sub(r"[ \t]+", " ", text)


class Sample:
    """A sample built as its README says, run in a folder of its own, so that no path of this machine is printed."""

    def __init__(self, tools, root, folder, out):
        self.tools, self.root, self.folder, self.out = tools, root, folder, out
        self.name = os.path.basename(folder).split("_", 1)[1]

    def report(self):
        program = os.path.join(self.out, self.name)
        source = os.path.join(self.folder, "main.cc")
        complaint = self.tools.compile(os.path.join(self.root, source), program, "-O1")
        if complaint:
            raise RuntimeError(complaint)
        words = [self.tools.gordian, "run", "-q", "-o", program + ".gtrace", "--", program]
        text = gordian.run(words, cwd=self.root, env=gordian.environment(self.out, GORDIAN_MAXPROCS="2")).stdout
        for long, short in ((self.tools.gordian, "gordian"), (self.out + "/", ""), (self.root + "/", "")):
            text = text.replace(long, short)
        return (f"$ gordian-clang++ -std=c++20 -g {source} -o {self.name}\n"
                f"$ gordian run -o {self.name}.gtrace -- ./{self.name}\n{text.strip()}\n")

    def picture(self):
        trace, picture = os.path.join(self.out, self.name + ".gtrace"), os.path.join(self.out, "graph.svg")
        done = gordian.run([self.tools.gordian, "graph", "-q", trace, "-o", picture], cwd=self.root)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        with open(picture, encoding="utf-8") as file:
            return file.read().replace(self.root + "/", "")


def words_of_picture(svg):
    """All texts and classes of a picture: what it says, not where it says it."""
    words = []
    for element in xml.etree.ElementTree.fromstring(svg).iter():
        words.append(element.get("class", ""))
        if element.tag.endswith("}text"):
            words.append(without_varying("".join(element.itertext()).strip()))
    return sorted(word for word in words if word)


def program_text(root, file):
    with open(os.path.join(root, file), encoding="utf-8") as source:
        return source.read().split("\n", 1)[1]


def check(tools, root, out, update):
    with open(os.path.join(root, "README.md"), encoding="utf-8") as file:
        readme = file.read()
    complaints = []

    def quote(match):
        head, kind, path, block, old = match.groups()
        sample = Sample(tools, root, path if kind == "report" else os.path.dirname(path), out)
        if kind == "picture":
            check_picture(sample, os.path.join(root, path))
            return match.group(0)
        new = program_text(root, path) if kind == "program" else sample.report()
        if without_varying(new) != without_varying(old or ""):
            complaints.append(f"README.md does not quote {path} as it is; now:\n{new}")
        return f"{head}```{'cpp' if kind == 'program' else ''}\n{new}```\n" if update else match.group(0)

    def check_picture(sample, path):
        new = sample.picture()
        if update:
            with open(path, "w", encoding="utf-8") as file:
                file.write(new)
        with open(path, encoding="utf-8") as file:
            if words_of_picture(file.read()) != words_of_picture(new):
                complaints.append(f"{path} is not the picture that comes out now")

    updated = QUOTE.sub(quote, readme)
    missing = {"program", "report", "picture"} - {match.group(2) for match in QUOTE.finditer(readme)}
    if missing:
        complaints.append(f"README.md no longer quotes a {' and a '.join(sorted(missing))}")
    if update:
        with open(os.path.join(root, "README.md"), "w", encoding="utf-8") as file:
            file.write(updated)
        return []
    return complaints


def main(arguments):
    update = "--update" in arguments
    build, root = [word for word in arguments if word != "--update"]
    with tempfile.TemporaryDirectory() as out:
        complaints = check(gordian.Tools(build), os.path.abspath(root), out, update)
    print("\n".join(complaints) if complaints else "README.md quotes what comes out")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
