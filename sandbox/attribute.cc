#include "attribute.h"

#include <array>
#include <initializer_list>

namespace sandbox {
namespace {

using T = ValueType;
using C = Content;
using Attributes = std::vector<Attribute>;

constexpr int kAlways = 100, kOften = 70, kSometimes = 40, kRarely = 12, kNever = 0;

Attributes joined(std::initializer_list<Attributes> parts) {
  Attributes all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Attributes from(Origin origin, Attributes attributes) {
  for (auto& attribute : attributes) attribute.origin = origin;
  return attributes;
}

Attributes identity() {
  return {{"record_id", "Record ID", T::text, kAlways, C::row_id}};
}

Attributes creation() {
  return {{"created_at", "Created at", T::timestamp, kAlways, C::row_created},
          {"created_by", "Created by", T::actor_reference, kAlways, C::row_creator}};
}

Attributes social() {
  return from(Origin::enrichment,
              {{"angellist", "AngelList", T::text, kRarely, C::url},
               {"facebook", "Facebook", T::text, kRarely, C::url},
               {"instagram", "Instagram", T::text, kRarely, C::url},
               {"linkedin", "LinkedIn", T::text, kOften, C::url},
               {"twitter", "Twitter", T::text, kSometimes, C::url},
               {"twitter_follower_count", "Twitter follower count", T::number, kSometimes}});
}

Attributes interactions() {
  Attributes all;
  for (const char* kind : {"calendar_interaction", "email_interaction", "interaction"})
    for (const char* when : {"first", "last", "next"}) {
      const std::string slug = std::string(when) + "_" + kind;
      if (slug != "next_email_interaction")
        all.push_back({slug, slug, T::interaction, *when == 'n' ? kRarely : kSometimes});
    }
  return from(Origin::intelligence, std::move(all));
}

Attribute choice(std::string slug, std::string title, int fill, bool multi, bool system,
                 std::vector<std::string> choices) {
  return {.slug = std::move(slug),
          .title = std::move(title),
          .type = T::select,
          .fill = fill,
          .multi = multi,
          .system = system,
          .choices = std::move(choices)};
}

Attribute reference(std::string slug, std::string title, int fill, bool multi,
                    std::vector<std::string> targets) {
  return {.slug = std::move(slug),
          .title = std::move(title),
          .type = T::record_reference,
          .fill = fill,
          .multi = multi,
          .targets = std::move(targets)};
}

Attribute stage(std::string title, std::vector<std::string> choices, bool system) {
  return {.slug = "stage",
          .title = std::move(title),
          .type = T::status,
          .fill = 90,
          .system = system,
          .choices = std::move(choices)};
}

Attributes connection() {
  return from(
      Origin::intelligence,
      {{"strongest_connection_strength_legacy", "Strongest connection strength (legacy)", T::number,
        kSometimes},
       choice("strongest_connection_strength", "Connection strength", kSometimes, false, true,
              {"Very weak", "Weak", "Good", "Strong", "Very strong"}),
       {"strongest_connection_user", "Strongest connection user", T::actor_reference, kSometimes}});
}

}  // namespace

std::string_view to_text(ValueType type) {
  static constexpr std::array<std::string_view, 18> kNames{
      "text",         "number",           "checkbox",        "currency",
      "date",         "timestamp",        "rating",          "status",
      "select",       "record-reference", "actor-reference", "location",
      "domain",       "email-address",    "phone-number",    "interaction",
      "personal-name", "spectrum"};
  return kNames[static_cast<size_t>(type)];
}

Attributes company_attributes() {
  return joined(
      {identity(),
       {{"domains", "Domains", T::domain, 95, C::ordinary, true},
        {"name", "Name", T::text, 98, C::name},
        {"description", "Description", T::text, 94, C::filler},
        reference("team", "Team", kOften, true, {"people"}),
        choice("categories", "Categories", kOften, true, true,
               {"Logistics", "B2B", "SaaS", "Énergie", "物流", "-Legacy"}),
        {"primary_location", "Primary location", T::location, kOften}},
       from(Origin::enrichment, {{"logo_url", "Logo URL", T::text, kOften, C::url}}),
       social(),
       from(Origin::enrichment,
            {choice("estimated_arr_usd", "Estimated ARR", kSometimes, false, true,
                    {"<$1M", "$1M-$10M", "$10M-$50M"}),
             {"funding_raised_usd", "Funding raised", T::currency, kSometimes},
             {"foundation_date", "Foundation date", T::date, kOften},
             choice("employee_range", "Employee range", kOften, false, true,
                    {"1-10", "11-50", "51-250", "251-1K"})}),
       interactions(),
       connection(),
       {reference("associated_deals", "Associated deals", kSometimes, true, {"deals"}),
        reference("associated_workspaces", "Associated workspaces", kRarely, true, {"workspaces"}),
        {"health_score", "Health score", T::rating, kSometimes, C::ordinary, false, false},
        {"is_partner", "Is partner", T::checkbox, kSometimes, C::ordinary, false, false},
        {"updated_at", "Updated at", T::timestamp, kNever, C::ordinary, false, false}},
       creation()});
}

Attributes person_attributes() {
  return joined(
      {identity(),
       {{"name", "Name", T::personal_name, 95, C::name},
        {"email_addresses", "Email addresses", T::email_address, 90, C::ordinary, true},
        {"description", "Description", T::text, kOften, C::filler},
        reference("company", "Company", kOften, false, {"companies"}),
        {"job_title", "Job title", T::text, kOften},
        {"avatar_url", "Avatar URL", T::text, kRarely, C::url},
        {"phone_numbers", "Phone numbers", T::phone_number, kSometimes, C::ordinary, true},
        {"primary_location", "Primary location", T::location, kOften}},
       social(),
       interactions(),
       connection(),
       {reference("associated_deals", "Associated deals", kSometimes, true, {"deals"}),
        reference("associated_users", "Associated users", kRarely, true, {"users"})},
       creation()});
}

Attributes deal_attributes() {
  return joined(
      {identity(),
       {{"name", "Deal name", T::text, kAlways, C::name},
        stage("Deal stage", {"Lead", "Negotiation", "Won 🎉", "Lost"}, true),
        {"owner", "Deal owner", T::actor_reference, kAlways},
        {"value", "Deal value", T::currency, 85},
        reference("associated_people", "Associated people", kOften, true, {"people"}),
        reference("associated_company", "Associated company", kOften, false, {"companies"})},
       creation()});
}

Attributes user_attributes() {
  return joined({identity(),
                 {reference("person", "Person", kOften, false, {"people"}),
                  {"primary_email_address", "Primary email address", T::email_address, kAlways},
                  {"user_id", "User ID", T::text, kAlways, C::row_id},
                  reference("workspace", "Workspace", kSometimes, true, {"workspaces"})},
                 creation()});
}

Attributes workspace_attributes() {
  return joined({identity(),
                 {{"workspace_id", "Workspace ID", T::text, kAlways, C::row_id},
                  {"name", "Name", T::text, kAlways, C::name},
                  reference("users", "Users", kOften, true, {"users"}),
                  reference("company", "Company", kOften, false, {"companies"}),
                  {"avatar_url", "Avatar URL", T::text, kRarely, C::url}},
                 creation()});
}

Attributes lab_sample_attributes() {
  Attributes custom{
      {"label", "Label", T::text, 95, C::wild},
      {"mass_mg", "Mass (mg)", T::number, 95, C::wild},
      {"is_sealed", "Is sealed", T::checkbox, 90},
      {"cost", "Cost", T::currency, 90, C::wild},
      {"collected_on", "Collected on", T::date, 90, C::wild},
      {"assayed_at", "Assayed at", T::timestamp, 90, C::wild},
      {"quality", "Quality", T::rating, 90},
      stage("Stage", {"Queued", "Running", "Done ✅", "-Abandoned"}, false),
      choice("method", "Method", 90, false, false, {"GC-MS", "NMR", "X\\u002dray \\\"soft\\\""}),
      choice("hazards", "Hazards", 80, true, false, {"Flammable", "Toxic ☠️", "-Retired label"}),
      reference("donor", "Donor", 80, false, {"people"}),
      reference("related", "Related", 80, true, {"companies", "deals"}),
      {"technician", "Technician", T::actor_reference, 90},
      {"origin", "Origin", T::location, 90, C::wild},
      {"portal", "Portal", T::domain, 80, C::ordinary, true},
      {"contact_email", "Contact email", T::email_address, 80, C::ordinary, true},
      {"hotline", "Hotline", T::phone_number, 80, C::ordinary, true},
      {"last_touch", "Last touch", T::interaction, 80},
      {"courier_name", "Courier name", T::personal_name, 80, C::wild},
      {"notes", "Notes", T::text, 80, C::filler},
      {.slug = "old_code", .title = "Old code", .type = T::text, .archived = true}};
  for (auto& attribute : custom) attribute.system = false;
  return joined({identity(), custom, creation()});
}

Attributes list_attributes() {
  return {{"entry_id", "Entry ID", T::text, kAlways, C::row_id},
          {"created_at", "Created at", T::timestamp, kAlways, C::row_created},
          {"created_by", "Created by", T::actor_reference, kAlways, C::row_creator},
          stage("Stage", {"Contacted", "Contract sent", "Signed ✍️"}, false),
          {"amount", "Amount", T::currency, 60, C::ordinary, false, false},
          {"owner", "Owner", T::actor_reference, 60, C::ordinary, false, false},
          choice("tags", "Tags", 60, true, false,
                 {"Priority", "Dringend", "later\\/maybe", "-Old tag"}),
          {"next_step", "Next step", T::text, 50, C::wild, false, false}};
}

Attribute future_attribute() {
  return {"spectrum", "Spectrum", T::future, 70, C::ordinary, false, false};
}

}  // namespace sandbox
