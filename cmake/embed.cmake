# cmake -DROOT=… -DOUTPUT=x.S -P embed.cmake
#
# Writes an assembler file that holds every file of web/dist, starter/ (without what is trained or
# stored there) and schemas/, and the table bot/assets.cpp reads.
file(GLOB_RECURSE web_files RELATIVE ${ROOT}/web/dist ${ROOT}/web/dist/*)
file(GLOB_RECURSE starter_files RELATIVE ${ROOT}/starter ${ROOT}/starter/*)
list(FILTER starter_files EXCLUDE REGEX "^(models|data)/")

set(entries "")
foreach(file IN LISTS web_files)
  list(APPEND entries "web/${file}|${ROOT}/web/dist/${file}")
endforeach()
foreach(file IN LISTS starter_files)
  list(APPEND entries "starter/${file}|${ROOT}/starter/${file}")
endforeach()
file(GLOB schema_files RELATIVE ${ROOT}/schemas ${ROOT}/schemas/*.json)
foreach(file IN LISTS schema_files)
  list(APPEND entries "schemas/${file}|${ROOT}/schemas/${file}")
endforeach()
list(SORT entries)

set(data "  .section .rodata\n")
set(table "  .section .data.rel.ro,\"aw\"\n  .global wasl_assets\n  .balign 8\nwasl_assets:\n")
set(index 0)
foreach(entry IN LISTS entries)
  string(REPLACE "|" ";" parts "${entry}")
  list(GET parts 0 path)
  list(GET parts 1 file)
  string(APPEND data "path_${index}: .asciz \"${path}\"\n  .balign 8\nbegin_${index}: .incbin \"${file}\"\nend_${index}: .byte 0\n")
  string(APPEND table "  .quad path_${index}, begin_${index}, end_${index}\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUTPUT} "${data}\n${table}\n  .global wasl_assets_count\n  .balign 8\nwasl_assets_count: .quad ${index}\n  .section .note.GNU-stack,\"\",@progbits\n")
