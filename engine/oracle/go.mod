module hmap/oracle

go 1.23
