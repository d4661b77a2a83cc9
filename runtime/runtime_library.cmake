# libgordian_rt.so: every runtime room in one library. Exports the public API, gordian_rt_* and what it replaces in the C
# library; everything else is hidden, also what comes from static libraries, so that the program may contain its own copy.
add_library(gordian_rt SHARED)
set_target_properties(gordian_rt PROPERTIES LINKER_LANGUAGE CXX)
foreach(room base trace abi record wait sched sync io hooks intercept boot)
  if(TARGET gordian_runtime_${room})
    target_link_libraries(gordian_rt PRIVATE gordian_runtime_${room})
  endif()
endforeach()
find_package(Threads REQUIRED)
target_link_libraries(gordian_rt PRIVATE Threads::Threads ${CMAKE_DL_LIBS})
# nodelete: threads keep pointers into it. now: no lazy binding, whose resolver would run inside hooks.
target_link_options(gordian_rt PRIVATE -Wl,--exclude-libs,ALL -Wl,-z,nodelete -Wl,-z,now -Wl,-z,defs)
target_include_directories(gordian_rt INTERFACE $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/runtime/include> $<INSTALL_INTERFACE:include>)
target_compile_features(gordian_rt INTERFACE cxx_std_20)
set_target_properties(gordian_rt PROPERTIES EXPORT_NAME runtime)
add_library(Gordian::runtime ALIAS gordian_rt)
