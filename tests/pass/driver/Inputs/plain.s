  .globl plain
plain:
  ret
  .section .note.GNU-stack,"",@progbits
