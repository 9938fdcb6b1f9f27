// What the engine's memory holds when it is used again.
#pragma once

namespace ingestr::duck {

// DuckDB 1.5.5 writes what a block of a file has unused as memory happened to be (https://github.com/duckdb/duckdb/issues/23382): values
// that a mask is for, read a moment ago, would be found there in the clear. From here on, in all engines of the program, the system gets back
// at once what they free, and gives it out as zeros again. It takes time, so it is for loads with masks. Throws nothing; thread-safe.
void clear_freed_memory();

}  // namespace ingestr::duck
