# What `cmake --install` puts where. The tree can be moved: every part finds the others from where it lies itself (bin beside
# lib beside include), and the CMake package names no absolute path.
#
#   bin/                  gordian, gordian-lint, the compiler wrappers and the archive tools of their LLVM
#   lib/                  the runtime, the pass, lib/cmake/Gordian for find_package
#   include/gordian/      the public headers
#   include/bits/         what stands before the standard library's own when a program is instrumented
#   share/gordian/        the samples, which `gordian demo` compiles
#   share/doc/gordian/    the documents, in folders like those of the source, so that their links work
include(CMakePackageConfigHelpers)

install(DIRECTORY runtime/include/gordian runtime/include/bits DESTINATION include FILES_MATCHING PATTERN "*.h")
install(TARGETS gordian_rt EXPORT GordianTargets LIBRARY DESTINATION lib)

set(package lib/cmake/Gordian)
install(EXPORT GordianTargets NAMESPACE Gordian:: DESTINATION ${package})
configure_package_config_file(scripts/cmake/GordianConfig.cmake.in ${CMAKE_BINARY_DIR}/package/GordianConfig.cmake
  INSTALL_DESTINATION ${package} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/package/GordianConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/package/GordianConfig.cmake ${CMAKE_BINARY_DIR}/package/GordianConfigVersion.cmake
  DESTINATION ${package})

install(DIRECTORY samples DESTINATION share/gordian)
set(documents share/doc/gordian)
install(FILES README.md LICENSE DESTINATION ${documents})
foreach(document runtime/README.md runtime/trace/FORMAT.md instrument/README.md analyzer/README.md)
  get_filename_component(folder ${document} DIRECTORY)
  install(FILES ${document} DESTINATION ${documents}/${folder})
endforeach()
install(CODE [[
  set(documents "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/share/doc/gordian")
  file(REMOVE "${documents}/samples")
  file(CREATE_LINK ../../gordian/samples "${documents}/samples" SYMBOLIC)]])
