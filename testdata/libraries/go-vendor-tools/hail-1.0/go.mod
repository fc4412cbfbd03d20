module example.org/demo/hail

go 1.19

require example.org/words v1.2.0
