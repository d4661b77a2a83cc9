# SPDX-License-Identifier: Apache-2.0
# How lit runs a case: each of its compilations at the level that is asked for, with the headers that were read before.
import copy
import re

import lit.formats
import precompiled

COMPILATION = re.compile(r"%gordian_cxx (.*?)%s")


class Case(lit.formats.ShTest):
    def __init__(self, build, level, with_headers):
        super().__init__(execute_external=False)
        self.build, self.level, self.with_headers = build, level, with_headers

    def execute(self, test, lit_config):
        path = test.getSourcePath()
        with open(path, encoding="utf-8") as file:
            compilations = set(COMPILATION.findall(file.read()))
        test.config = copy.copy(test.config)
        for written in compilations:
            given = [self.level if word == "-O1" else word for word in written.split()]
            headers = precompiled.options(self.build, path, given) if self.with_headers else []
            words = " ".join(["%gordian_cxx", *given, *headers, "%s"])
            test.config.substitutions = [(re.escape(f"%gordian_cxx {written}%s"), words), *test.config.substitutions]
        return super().execute(test, lit_config)
