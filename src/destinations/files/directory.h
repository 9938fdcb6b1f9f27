// A directory of this machine that runs write files into.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "destinations/files/outlet.h"
#include "destinations/files/run_files.h"
#include "destinations/files/workplace.h"

namespace ingestr::file_output {

// The files in it, but those of workplaces; none when there is no such directory. Throws what run_files() throws.
std::vector<RunFile> run_files_of(const std::filesystem::path& directory);

// Puts files of the workplace, which is in the directory, into it, as Outlet::publish() says. Where files go, another directory takes
// its place, which also has the files that stay. Throws Error(unsupported) for a directory that cannot be swapped: a mount point, or
// on a file system that has no such thing; conflict when another run is there.
void publish_into(const std::filesystem::path& directory, Workplace& workplace, const std::vector<Finished>& files,
                  const std::set<std::string>& replaced);

}  // namespace ingestr::file_output
