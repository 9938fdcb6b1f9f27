// The sources of files: csv://, tsv://, jsonl://, json://, parquet://, avro:// and xlsx:// for files of one kind on this machine
// or, as "-", from a pipe; http(s)://, s3://, gs://, az:// and sftp:// for files of any kind elsewhere.
#pragma once

#include <vector>

#include "engine/connector.h"

namespace ingestr {

std::vector<Connector> file_connectors();

}  // namespace ingestr
