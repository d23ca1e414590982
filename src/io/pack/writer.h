// Making packed files.
#pragma once

#include <functional>

#include "io/readers/file_list.h"

namespace vg {

/// Called after each file with the number of files that are packed, and of the bytes written. False
/// ends it.
using PackProgress = std::function<bool(size_t files, uint64_t bytes)>;

/// Packs files, in this order, into a new file at `path`; one that is there is replaced once the
/// new one is whole. Whatever happens before that, nothing is left behind. Gives the size of the
/// packed file.
Outcome<uint64_t> write_pack(const std::string& path, const std::vector<FileEntry>& files,
                             const PackProgress& progress = {});

}  // namespace vg
