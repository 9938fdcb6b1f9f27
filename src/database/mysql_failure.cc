#include "database/mysql_failure.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "database/session.h"

namespace ingestr::database {
namespace {

constexpr size_t kFailureBytes = 300;

struct MysqlCode {
  unsigned code;
  ErrorKind kind;
};

constexpr MysqlCode kCodes[] = {
    {1044, ErrorKind::auth}, {1045, ErrorKind::auth}, {1142, ErrorKind::auth}, {1143, ErrorKind::auth}, {1227, ErrorKind::auth},
    {1370, ErrorKind::auth}, {1290, ErrorKind::auth}, {1792, ErrorKind::auth}, {1836, ErrorKind::auth},
    {1049, ErrorKind::not_found}, {1526, ErrorKind::not_found},
    {1021, ErrorKind::unavailable}, {1026, ErrorKind::unavailable}, {1030, ErrorKind::unavailable}, {1037, ErrorKind::unavailable}, {1038, ErrorKind::unavailable}, {1040, ErrorKind::unavailable},
    {1041, ErrorKind::unavailable}, {1053, ErrorKind::unavailable}, {1114, ErrorKind::unavailable}, {1203, ErrorKind::unavailable},
    {1969, ErrorKind::unavailable}, {3024, ErrorKind::unavailable}, {kInterrupted, ErrorKind::unavailable},
    {1048, ErrorKind::constraint}, {kDoubledKey, ErrorKind::constraint}, {1216, ErrorKind::constraint}, {1217, ErrorKind::constraint},
    {1364, ErrorKind::constraint}, {1451, ErrorKind::constraint}, {1452, ErrorKind::constraint}, {1557, ErrorKind::constraint},
    {1586, ErrorKind::constraint}, {3819, ErrorKind::constraint}, {4025, ErrorKind::constraint},
    {1099, ErrorKind::conflict}, {1100, ErrorKind::conflict}, {1205, ErrorKind::conflict}, {1213, ErrorKind::conflict},
    {1834, ErrorKind::conflict},
    {1264, ErrorKind::bad_data}, {1265, ErrorKind::bad_data}, {1292, ErrorKind::bad_data}, {1300, ErrorKind::bad_data},
    {1301, ErrorKind::bad_data}, {1366, ErrorKind::bad_data}, {1367, ErrorKind::bad_data}, {1406, ErrorKind::bad_data},
    {1411, ErrorKind::bad_data}, {1690, ErrorKind::bad_data}, {3140, ErrorKind::bad_data},
    {1071, ErrorKind::unsupported}, {1113, ErrorKind::unsupported}, {1117, ErrorKind::unsupported}, {1118, ErrorKind::unsupported},
    {1153, ErrorKind::unsupported}, {1170, ErrorKind::unsupported}, {1235, ErrorKind::unsupported}, {1273, ErrorKind::unsupported},
    {2020, ErrorKind::unsupported},
    {1050, ErrorKind::usage}, {1051, ErrorKind::usage}, {1052, ErrorKind::usage}, {1054, ErrorKind::usage},
    {1060, ErrorKind::usage}, {1064, ErrorKind::usage}, {1146, ErrorKind::usage}, {1305, ErrorKind::usage},
};

ErrorKind kind_of_code(unsigned code) {
  const auto* known = std::ranges::find(kCodes, code, &MysqlCode::code);
  return known == std::end(kCodes) ? ErrorKind::internal : known->kind;
}

// 2002 to 2013: the client library lost the server; the rest are what a server says that ends a session.
bool is_lost(unsigned code) { return (code >= 2002 && code <= 2013) || code == 1053 || code == 1927 || code == 4031; }

std::string_view advice(unsigned code) {
  if (code == 1153 || code == 2020) return "; raise max_allowed_packet at the server";
  if (code == 1021 || code == 1026 || code == 1114) return kFullDiskAdvice;
  if (code == 1526) return "; add a partition that takes it, and run again";
  if (code == 1205) return "; let whoever holds the table end, and run again";
  return "";
}

}  // namespace

Error mysql_failure(const MysqlServer& server, unsigned code, std::string_view words, bool stopped) {
  const std::string shown = shorten(words.substr(0, words.find('\n')), kFailureBytes);
  if (stopped && code == kInterrupted) return interrupted();
  if (is_lost(code)) {
    return Error(ErrorKind::unavailable,
                 fmt::format("the connection to the MySQL database {} was lost: {}; run again", server.shown(), shown));
  }
  const ErrorKind kind = kind_of_code(code);
  std::string text = fmt::format("MySQL ({}): {}{}", server.shown(), shown, advice(code));
  if (kind == ErrorKind::constraint) text = fmt::format("a row breaks a constraint ({})", text);
  return Error(kind, text);
}

}  // namespace ingestr::database
