// SPDX-License-Identifier: Apache-2.0
// The functions of char streams that libstdc++.so has ready-made, by linkage name: what the program calls of them
// depends on the level of optimisation. Output is told before the call, because whoever reads a pipe's other end is
// ordered behind it. Left out: streams of wide characters, manipulators that are handed to operator<<, flush.
#include "instrument/pass/library_table.h"

namespace gordian::pass {
namespace {

constexpr LibraryEffect kFormats = writes_first(arg(0), format);
constexpr LibraryEffect kPuts = writes_first(arg(0), put_position);
constexpr LibraryEffect kGets = writes(arg(0), get_position);

const LibraryFunction kFunctions[] = {
    // Output
    {"_ZNSo9_M_insertIbEERSoT_", kFormats, kPuts},
    {"_ZNSo9_M_insertIdEERSoT_", kFormats, kPuts},
    {"_ZNSo9_M_insertIeEERSoT_", kFormats, kPuts},
    {"_ZNSo9_M_insertIlEERSoT_", kFormats, kPuts},
    {"_ZNSo9_M_insertImEERSoT_", kFormats, kPuts},
    {"_ZNSo9_M_insertIxEERSoT_", kFormats, kPuts},
    {"_ZNSo9_M_insertIyEERSoT_", kFormats, kPuts},
    {"_ZNSo9_M_insertIPKvEERSoT_", kFormats, kPuts},
    {"_ZNSolsEb", kFormats, kPuts},
    {"_ZNSolsEd", kFormats, kPuts},
    {"_ZNSolsEe", kFormats, kPuts},
    {"_ZNSolsEf", kFormats, kPuts},
    {"_ZNSolsEi", kFormats, kPuts},
    {"_ZNSolsEj", kFormats, kPuts},
    {"_ZNSolsEl", kFormats, kPuts},
    {"_ZNSolsEm", kFormats, kPuts},
    {"_ZNSolsEs", kFormats, kPuts},
    {"_ZNSolsEt", kFormats, kPuts},
    {"_ZNSolsEx", kFormats, kPuts},
    {"_ZNSolsEy", kFormats, kPuts},
    {"_ZNSolsEPKv", kFormats, kPuts},
    {"_ZNSolsEPSt15basic_streambufIcSt11char_traitsIcEE", kFormats, kPuts},
    {"_ZSt16__ostream_insertIcSt11char_traitsIcEERSt13basic_ostreamIT_T0_ES6_PKS3_l", kFormats, kPuts,
     sends(arg(1), bytes, arg(2))},
    {"_ZStlsISt11char_traitsIcEERSt13basic_ostreamIcT_ES5_PKc", kFormats, kPuts, sends(arg(1), text, kNoLimit)},
    {"_ZStlsISt11char_traitsIcEERSt13basic_ostreamIcT_ES5_c", kFormats, kPuts},
    {"_ZStlsIcSt11char_traitsIcESaIcEERSt13basic_ostreamIT_T0_ES7_RKNSt7__cxx1112basic_stringIS4_S5_T1_EE", kFormats,
     kPuts, sends(arg(1), string)},
    {"_ZNSo3putEc", kPuts},
    {"_ZNSo5writeEPKcl", kPuts, sends(arg(1), bytes, arg(2))},
    {"_ZNSo5seekpESt4fposI11__mbstate_tE", kPuts},
    {"_ZNSo5seekpElSt12_Ios_Seekdir", kPuts},
    {"_ZNSo5tellpEv", kPuts},
    {"_ZSt4endlIcSt11char_traitsIcEERSt13basic_ostreamIT_T0_ES6_", kPuts},
    {"_ZSt4endsIcSt11char_traitsIcEERSt13basic_ostreamIT_T0_ES6_", kPuts},
    {"_ZNSt14basic_ofstreamIcSt11char_traitsIcEE4openEPKcSt13_Ios_Openmode", kPuts},
    {"_ZNSt14basic_ofstreamIcSt11char_traitsIcEE4openERKNSt7__cxx1112basic_stringIcS1_SaIcEEESt13_Ios_Openmode", kPuts},
    {"_ZNSt14basic_ofstreamIcSt11char_traitsIcEE5closeEv", kPuts},
    {"_ZNSt7__cxx1119basic_ostringstreamIcSt11char_traitsIcESaIcEE3strERKNS_12basic_stringIcS2_S3_EE", kPuts},
    {"_ZNKRSt7__cxx1119basic_ostringstreamIcSt11char_traitsIcESaIcEE3strEv", reads(arg(1), put_position)},
    {"_ZNKSt7__cxx1119basic_ostringstreamIcSt11char_traitsIcESaIcEE3strEv", reads(arg(1), put_position)},
    // Input
    {"_ZNSi10_M_extractIbEERSiRT_", kGets, writes(arg(1), bytes, number(1))},
    {"_ZNSirsERb", kGets, writes(arg(1), bytes, number(1))},
    {"_ZNSi10_M_extractIdEERSiRT_", kGets, writes(arg(1), bytes, number(8))},
    {"_ZNSirsERd", kGets, writes(arg(1), bytes, number(8))},
    {"_ZNSi10_M_extractIeEERSiRT_", kGets, writes(arg(1), bytes, number(16))},
    {"_ZNSirsERe", kGets, writes(arg(1), bytes, number(16))},
    {"_ZNSi10_M_extractIfEERSiRT_", kGets, writes(arg(1), bytes, number(4))},
    {"_ZNSirsERf", kGets, writes(arg(1), bytes, number(4))},
    {"_ZNSirsERi", kGets, writes(arg(1), bytes, number(4))},
    {"_ZNSi10_M_extractIjEERSiRT_", kGets, writes(arg(1), bytes, number(4))},
    {"_ZNSirsERj", kGets, writes(arg(1), bytes, number(4))},
    {"_ZNSi10_M_extractIlEERSiRT_", kGets, writes(arg(1), bytes, number(8))},
    {"_ZNSirsERl", kGets, writes(arg(1), bytes, number(8))},
    {"_ZNSi10_M_extractImEERSiRT_", kGets, writes(arg(1), bytes, number(8))},
    {"_ZNSirsERm", kGets, writes(arg(1), bytes, number(8))},
    {"_ZNSirsERs", kGets, writes(arg(1), bytes, number(2))},
    {"_ZNSi10_M_extractItEERSiRT_", kGets, writes(arg(1), bytes, number(2))},
    {"_ZNSirsERt", kGets, writes(arg(1), bytes, number(2))},
    {"_ZNSi10_M_extractIxEERSiRT_", kGets, writes(arg(1), bytes, number(8))},
    {"_ZNSirsERx", kGets, writes(arg(1), bytes, number(8))},
    {"_ZNSi10_M_extractIyEERSiRT_", kGets, writes(arg(1), bytes, number(8))},
    {"_ZNSirsERy", kGets, writes(arg(1), bytes, number(8))},
    {"_ZNSi10_M_extractIPvEERSiRT_", kGets, writes(arg(1), bytes, number(8))},
    {"_ZNSirsERPv", kGets, writes(arg(1), bytes, number(8))},
    {"_ZNSi3getEv", kGets},
    {"_ZNSi4peekEv", kGets},
    {"_ZNSi5ungetEv", kGets},
    {"_ZNSi7putbackEc", kGets},
    {"_ZNSi6ignoreEv", kGets},
    {"_ZNSi6ignoreEl", kGets},
    {"_ZNSi6ignoreEli", kGets},
    {"_ZNSi4syncEv", kGets},
    {"_ZNSi5tellgEv", kGets},
    {"_ZNSi5seekgESt4fposI11__mbstate_tE", kGets},
    {"_ZNSi5seekgElSt12_Ios_Seekdir", kGets},
    {"_ZNSi3getERc", kGets, writes(arg(1), bytes, number(1))},
    {"_ZNSi4readEPcl", kGets},
    {"_ZNSi8readsomeEPcl", kGets, writes(arg(1), returned, kResult)},
    {"_ZNSi7getlineEPcl", kGets, writes(arg(1), text, arg(2))},
    {"_ZNSi7getlineEPclc", kGets, writes(arg(1), text, arg(2))},
    {"_ZNSi3getEPcl", kGets, writes(arg(1), text, arg(2))},
    {"_ZNSi3getEPclc", kGets, writes(arg(1), text, arg(2))},
    {"_ZSt7getlineIcSt11char_traitsIcESaIcEERSt13basic_istreamIT_T0_ES7_RNSt7__cxx1112basic_stringIS4_S5_T1_EE", kGets,
     writes(arg(1), string)},
    {"_ZSt7getlineIcSt11char_traitsIcESaIcEERSt13basic_istreamIT_T0_ES7_RNSt7__cxx1112basic_stringIS4_S5_T1_EES4_",
     kGets, writes(arg(1), string)},
    {"_ZStrsIcSt11char_traitsIcESaIcEERSt13basic_istreamIT_T0_ES7_RNSt7__cxx1112basic_stringIS4_S5_T1_EE", kGets,
     writes(arg(1), string)},
    {"_ZStrsIcSt11char_traitsIcEERSt13basic_istreamIT_T0_ES6_RS3_", kGets, writes(arg(1), bytes, number(1))},
    {"_ZSt2wsIcSt11char_traitsIcEERSt13basic_istreamIT_T0_ES6_", kGets},
    {"_ZNSt14basic_ifstreamIcSt11char_traitsIcEE4openEPKcSt13_Ios_Openmode", kGets},
    {"_ZNSt14basic_ifstreamIcSt11char_traitsIcEE4openERKNSt7__cxx1112basic_stringIcS1_SaIcEEESt13_Ios_Openmode", kGets},
    {"_ZNSt14basic_ifstreamIcSt11char_traitsIcEE5closeEv", kGets},
};

}  // namespace

llvm::ArrayRef<LibraryFunction> stream_functions() { return kFunctions; }

}  // namespace gordian::pass
