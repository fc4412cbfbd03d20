module example.org/demo/greet

go 1.19
