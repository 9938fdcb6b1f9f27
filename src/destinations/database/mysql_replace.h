// Replacing the rows of a MySQL table so that what others gave it stays.
#pragma once

#include "destinations/database/mysql_rewrite.h"

namespace ingestr::database {

// `to`, a table, gets the columns and the rows of `from`, which is gone then; returns what columns lost with their type, for
// people. A failure leaves it as it was, but that columns may have been added. In no transaction.
//
// A table that has nothing but columns of ours changes places with the landing table. One with indexes, constraints or types of
// others does so with a copy of it that gets the rows. One with triggers, foreign keys or a history, which cannot be copied, keeps its
// place: its rows go and the new ones come in one transaction. Then no column may go or change its type: Error(unsupported).
std::vector<std::string> replace_table(MysqlClient& client, MysqlTables& tables, const MysqlDialect& dialect, MysqlRewriter& rewriter,
                                       const MysqlRewriter::Claim& claim, const TableName& from, const TableName& to);

// `from` takes the name of `to` at once; what had it before, a table or a view, is gone then.
void swap_tables(MysqlClient& client, MysqlTables& tables, const MysqlDialect& dialect, const MysqlRewriter::Claim& claim,
                 const TableName& from, const TableName& to);

}  // namespace ingestr::database
