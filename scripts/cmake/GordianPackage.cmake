# `cpack` in the build folder makes one Debian package of what is installed. Libraries that our binaries link are found by
# dpkg-shlibdeps; the rest of Depends is what is executed or loaded by name.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME gordian)
set(CPACK_PACKAGE_VENDOR "The Gordian authors")
set(CPACK_PACKAGE_CONTACT "The Gordian authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "goroutines for C++, and a detector of data races and deadlocks")
set(CPACK_PACKAGE_DESCRIPTION "Go's concurrency for C++20, a compiler plugin that records a program's accesses, and an analyzer
that tells the data races, lock-order inversions, deadlocks and leaked goroutines of one recorded run.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "clang-${GORDIAN_LLVM}, llvm-${GORDIAN_LLVM}, fonts-liberation")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "cmake, lld-${GORDIAN_LLVM}")
include(CPack)
