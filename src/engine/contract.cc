#include "engine/contract.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace ingestr {
namespace {

constexpr std::array<std::pair<Contract, std::string_view>, 4> kContractNames = {
    {{Contract::evolve, "evolve"},
     {Contract::freeze, "freeze"},
     {Contract::discard_row, "discard_row"},
     {Contract::discard_value, "discard_value"}}};

}  // namespace

Contract parse_contract(std::string_view name) {
  for (const auto& [contract, known] : kContractNames) {
    if (equal_ignoring_case(name, known)) return contract;
  }
  if (equal_ignoring_case(name, "default")) return Contract::evolve;
  throw Error(ErrorKind::usage,
              fmt::format("there is no schema contract \"{}\"; use evolve, freeze, discard_row or "
                          "discard_value",
                          shorten(name, 40)));
}

std::string_view to_string(Contract contract) {
  for (const auto& [known, name] : kContractNames) {
    if (contract == known) return name;
  }
  return "?";
}

}  // namespace ingestr
