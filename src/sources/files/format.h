// Format: how the rows of one kind of text file are read by the embedded engine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "data/schema.h"
#include "duck/connection.h"
#include "sources/files/files.h"
#include "sources/files/lines.h"
#include "sources/files/text_edges.h"

namespace ingestr::files {

// One thread at a time.
class Format {
 public:
  virtual ~Format() = default;
  // How long a line may be, in bytes; nothing: the file is no text of lines.
  virtual std::optional<uint64_t> longest_line() const { return std::nullopt; }
  // Once, before those that follow: what the heads of the files say, and of `packed` those that are compressed. About how long a row is, in bytes.
  // Throws Error(bad_data).
  virtual uint64_t open(duck::Connection& connection, const Files& files, const PackedTexts& packed) = 0;
  // Whether all rows were taken by open(), so that nothing reads the files again.
  virtual bool holds_rows() const { return false; }
  // The columns, with the types that the first `rows` rows allow; nothing: that all allow. Throws Error(bad_data) naming
  // file and line when a row cannot be read.
  virtual Schema learn(duck::Connection& connection, std::optional<uint64_t> rows) = 0;
  // The column of that name for values as they are written: with nothing read into them, whatever type they allow.
  virtual Column as_written(const std::string& name) const = 0;
  // The type that a column last learnt has to have, so that one of the type `target` takes its values: as they are written, if that is
  // text or JSON; else that type, where all values fit.
  virtual Type type_for(const Column& learnt, const Type& target) = 0;
  // How select() reads from here on, large pieces unless something is said. Small ones are taken where they are known to lose no row; one
  // that is longer stops the SELECT with Error(bad_data).
  virtual void read_in(duck::Connection&, Pieces) {}
  // A SELECT of all rows, in order, with the columns last learnt, each of the type that `schema` has for it: the one learnt,
  // or that of as_written() or type_for(). A value that does not fit stops it with Error(bad_data).
  virtual std::string select(const Schema& schema) const = 0;
};

}  // namespace ingestr::files
