# SPDX-License-Identifier: Apache-2.0
"""Cases of the pass and the wrappers. What a RUN line may say:

  %opt          opt with the plugin loaded; the passes are gordian-prepare and gordian
  %cc, %cxx     gordian-clang, gordian-clang++
  %plain_cxx    the compiler behind the wrapper
  %llvm_version the major version that all of it is built for
  %link_standin after the inputs of a link: the stand-in runtime, which prints at exit what was recorded
  %site_dump    prints the site table of an object file
  FileCheck, llvm-nm, llvm-dis, ... LLVM's own
"""
import os

import lit.formats

config.name = "gordian-pass"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".ll", ".cc", ".c", ".test"]
config.excludes = ["support", "Inputs", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)

tool = lambda name: os.path.join(config.llvm_tools, name)
plugin = os.path.join(config.build_root, "lib", "libgordian_pass.so")
bin_ = os.path.join(config.build_root, "bin")

config.substitutions += [
    ("%opt", f"{tool('opt')} -load-pass-plugin={plugin}"),
    ("%cxx", os.path.join(bin_, "gordian-clang++")),
    ("%cc", os.path.join(bin_, "gordian-clang")),
    ("%plain_cxx", tool("clang++")),
    ("%link_standin", f"-L{config.standin} -Wl,-rpath,{config.standin}"),
    ("%site_dump", f"{config.python} {os.path.join(config.test_source_root, 'support', 'site_dump.py')}"),
    ("%python", config.python),
    ("%llvm_version", config.llvm_version),
]
config.environment["PATH"] = config.llvm_tools + os.pathsep + os.environ.get("PATH", "")
