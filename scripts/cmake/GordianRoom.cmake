# gordian_room(NAME SOURCES a.cc b.cc DEPENDS wing/room ... LINK libraries...)
#
# One room = one target. NAME is `wing/room`, the folder it is called from. DEPENDS names the only rooms whose headers it may
# include; tests/house reads these lines and every #include, and fails on a wall that is crossed. Without SOURCES the room
# is header-only.
#
# Preset release joins the files of a room, several to a compilation: half of compiling one is its headers. So no two files of a room
# may have a name of their own in common, nor two of a test program, but in the runtime (its trace excepted): what it keeps apart (a thread's own state, read again after each
# switch; one family of replaced functions per file) is compiled apart.
#
# GORDIAN_SANITIZE (presets asan and tsan) is a list for -fsanitize=. Rooms that are sanitized hand the flag on to every binary that
# links them: the command, its tests, the drainer. The runtime is none of them: it switches stacks and replaces the functions
# that a sanitizer replaces; nor is the pass, which lives in a clang that was built without.
set(GORDIAN_SANITIZE "" CACHE STRING "Sanitizers for the analyzer, the reading half of the format, the wrapper and their tests")

function(gordian_sanitize target name)
  if(GORDIAN_SANITIZE AND name MATCHES "^analyzer/|^runtime/trace_decode$|^instrument/wrapper$")
    target_compile_options(${target} PUBLIC -fsanitize=${GORDIAN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${GORDIAN_SANITIZE})
  endif()
endfunction()

function(gordian_room name)
  cmake_parse_arguments(room "" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  string(REPLACE "/" "_" target "gordian_${name}")
  if(room_SOURCES)
    add_library(${target} OBJECT ${room_SOURCES})
    set(scope PUBLIC)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Werror -fvisibility=hidden)
    gordian_sanitize(${target} ${name})
    if(name MATCHES "^runtime/" AND NOT name MATCHES "^runtime/trace")
      set_target_properties(${target} PROPERTIES UNITY_BUILD OFF)
    endif()
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} ${CMAKE_SOURCE_DIR})
  if(name MATCHES "^runtime/")
    target_include_directories(${target} ${scope} ${CMAKE_SOURCE_DIR}/runtime/include)
  endif()
  foreach(dependency IN LISTS room_DEPENDS)
    string(REPLACE "/" "_" dependency_target "gordian_${dependency}")
    target_link_libraries(${target} ${scope} ${dependency_target})
  endforeach()
  target_link_libraries(${target} ${scope} ${room_LINK})
endfunction()

# Objects of an OBJECT library reach a binary only if the library is linked directly: names every room of the list.
function(gordian_link_rooms target)
  foreach(name IN LISTS ARGN)
    string(REPLACE "/" "_" room "gordian_${name}")
    target_link_libraries(${target} PRIVATE ${room})
  endforeach()
endfunction()
