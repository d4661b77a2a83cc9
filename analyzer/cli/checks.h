// SPDX-License-Identifier: Apache-2.0
// What `gordian doctor` looks at: one small question to the machine each, answered with what is so and, if that is a
// problem, what to do about it.
#pragma once

#include <string>
#include <vector>

namespace gordian::cli {

struct Check {
  std::string name;
  bool ok = true;
  std::string what;    // what is so; lower case, no full stop
  std::string remedy;  // empty if ok
};

Check check_compiler();                       // the clang++ that gordian-clang++ drives
Check check_part(const std::string& file);    // a file of ours, found from where this command lies
Check check_ring();                           // memfd_create and the mapping of the shared ring
Check check_socket();                         // passing descriptors between processes
Check check_address_space();                  // randomisation is welcome; addresses must have 47 bits
Check check_cycle_counter();                  // waiting times in reports come from it
Check check_ptrace();                         // not needed; a debugger may be attached
Check check_graphviz();                       // draws a tiny graph
Check check_disk(const std::string& folder);  // room for traces

std::vector<Check> all_checks();

}  // namespace gordian::cli
