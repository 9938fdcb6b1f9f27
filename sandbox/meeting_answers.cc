// Meetings, their call recordings, and the transcripts of these.
#include <fmt/core.h>

#include "answers.h"
#include "errors.h"
#include "paging.h"
#include "texts.h"

namespace sandbox::answer {
namespace {

constexpr PageRules kPages{50, 200};
constexpr PageRules kTranscriptPages{.fallback = 100, .fixed = true};

struct Zone {
  std::string_view name, offset;
  int minutes;
};
constexpr Zone kZones[] = {{"UTC", "+00:00", 0},
                           {"Africa/Lagos", "+01:00", 60},
                           {"Asia/Kolkata", "+05:30", 330},
                           {"America/Lima", "-05:00", -300}};

std::string moment(Milliseconds time, const Zone& zone) {
  const std::string local = timestamp_text(time + zone.minutes * kMinute);
  return fmt::format(R"({{"datetime":"{}{}","timezone":"{}"}})",
                     std::string_view(local).substr(0, kTimestampLength - 1), zone.offset,
                     zone.name);
}

std::string day(Milliseconds time) {
  return fmt::format(R"({{"date":"{}"}})", timestamp_text(time).substr(0, 10));
}

void times(const Row& row, bool all_day, Random& random, JsonWriter& out) {
  const Milliseconds start = time_of(row) / kMinute * kMinute;
  const Zone& zone = kZones[random.below(std::size(kZones))];
  const auto length = static_cast<Milliseconds>(1 + random.below(3));
  out.raw(fmt::format(R"(,"is_all_day":{},"start":{},"end":{})", all_day,
                      all_day ? day(start) : moment(start, zone),
                      all_day ? day(start + length * kDay)
                              : moment(start + length * 30 * kMinute, zone)));
}

void participants(Random& random, JsonWriter& out) {
  static constexpr std::string_view kAnswers[] = {"accepted", "tentative", "declined", "pending"};
  out.raw(R"(,"participants":[)");
  for (uint64_t i = 0, count = random.below(4); i < count; ++i) {
    const std::string_view answer = kAnswers[random.below(4)],
                           name = first_words()[random.below(first_words().size())];
    out.raw(fmt::format(R"({}{{"status":"{}","is_organizer":{},"email_address":{}}})",
                        i > 0 ? "," : "", answer, i == 0,
                        random.percent(15) ? "null" : fmt::format("\"{}@example.com\"", name)));
  }
  out.raw(']');
}

void linked_records(const Call& call, Random& random, JsonWriter& out) {
  out.raw(R"(,"linked_records":[)");
  for (uint64_t i = 0, count = random.below(3); i < count; ++i)
    if (const auto record = call.workspace.draw_record(random))
      out.raw(fmt::format(R"({}{{"object_slug":{},"object_id":"{}","record_id":"{}"}})",
                          i > 0 ? "," : "", json_string(record->object->slug),
                          to_text(record->object->id), to_text(record->id)));
  out.raw(']');
}

void meeting(const Call& call, const Row& row, JsonWriter& out) {
  Random random = call.workspace.resources().content(Resource::meeting, {}, row);
  const std::string_view title = job_titles()[random.below(job_titles().size())],
                         text = wild_texts()[random.below(wild_texts().size())];
  out.raw(fmt::format(
      R"({{"id":{{"workspace_id":"{}","meeting_id":"{}"}},"title":"{}","description":"{}")",
      kWorkspaceId, to_text(row.id), title, text));
  times(row, random.percent(15), random, out);
  participants(random, out);
  linked_records(call, random, out);
  out.raw(fmt::format(R"(,"created_at":"{}","created_by_actor":{})",
                      timestamp_text(time_of(row) - 14 * kDay),
                      actor_json(kActors[random.percent(60) ? kSystem : random.below(2)])));
}

struct Place {
  Uuid meeting;
  std::shared_ptr<Collection> recordings;
};

// The meeting that the path names, or nothing with the refusal in `reply`.
std::optional<Place> place_of(const Call& call, Reply& reply, bool keep = false) {
  Resources& resources = call.workspace.resources();
  const std::string& text = call.parameters.front();
  const auto id = parse_uuid(text);
  if (id && resources.of_workspace(Resource::meeting).find(*id))
    return Place{*id, resources.of(Resource::recording, *id, keep)};
  reply = not_found(fmt::format("Meeting with ID \"{}\" not found.", text));
  return std::nullopt;
}

// The ids of a recording and its address: what rows and transcripts both have.
struct Heads {
  std::string id, web_url;
};

Heads heads(const Uuid& meeting, const Uuid& recording) {
  const std::string first = to_text(meeting), second = to_text(recording);
  return {fmt::format(
              R"("id":{{"workspace_id":"{}","meeting_id":"{}","call_recording_id":"{}"}})",
              kWorkspaceId, first, second),
          fmt::format(R"("web_url":"https://app.attio.com/{}/calls/{}/{}")", kWorkspaceSlug, first,
                      second)};
}

std::string_view status_of(const Call& call, const Uuid& meeting, const Row& row) {
  const uint64_t draw =
      call.workspace.resources().content(Resource::recording, meeting, row).below(10);
  return draw == 0 ? "processing" : draw == 1 ? "failed" : "completed";
}

// `raw` gets the same sentence as a line of plain text, JSON-escaped.
void segment(const Call& call, const Uuid& recording, const Row& row, JsonWriter& out,
             std::string& raw) {
  Random random = call.workspace.resources().content(Resource::segment, recording, row);
  const std::string_view speech = wild_texts()[random.below(wild_texts().size())];
  const std::string name =
      fmt::format("{} {}", first_words()[random.below(3)], second_words()[random.below(3)]);
  const Milliseconds start = time_of(row, 1) - time_of({}, 1);  // within a day
  const double seconds = static_cast<double>(start) / 24000;    // within an hour
  out.raw(fmt::format(
      R"({{"speech":"{}","start_time":{:.3f},"end_time":{:.3f},"speaker":{{"name":"{}"}})", speech,
      seconds, seconds + 1.5, name));
  raw += fmt::format("{}[{:02}:{:02}] {}: {}", raw.empty() ? "" : "\\n",
                     static_cast<int>(seconds) / 60, static_cast<int>(seconds) % 60, name, speech);
}

}  // namespace

Reply meetings(const Call& call) {
  if (auto refusal = refuse_parameters(call, {"ends_from", "starts_before", "participants",
                                              "linked_object", "linked_record_id"}))
    return *refusal;
  if (call.query.find("sort").value_or("start_asc") != "start_asc")
    return filter_error("The sandbox sorts meetings by start_asc only.");
  return cursor_page(call, call.workspace.resources().of_workspace(Resource::meeting), kPages,
                     [&](const Row& row, JsonWriter& out) { meeting(call, row, out); });
}

Reply recordings(const Call& call) {
  Reply reply;
  const auto place = place_of(call, reply);
  if (!place) return reply;
  return cursor_page(call, *place->recordings, kPages, [&](const Row& row, JsonWriter& out) {
    const Heads head = heads(place->meeting, row.id);
    out.raw(fmt::format(R"({{{},"status":"{}",{},"created_by_actor":{},"created_at":"{}")", head.id,
                        status_of(call, place->meeting, row), head.web_url,
                        actor_json(kActors[row.key % 2]), timestamp_text(time_of(row))));
  });
}

Reply transcript(const Call& call) {
  Reply reply;
  const auto place = place_of(call, reply);
  if (!place) return reply;
  const auto id = parse_uuid(call.parameters.at(1));
  const auto found = id ? place->recordings->find(*id) : std::nullopt;
  const std::string_view status = found ? status_of(call, place->meeting, found->row) : "";
  if (status == "processing")
    return error_reply(409, "invalid_request_error", "transcript_not_ready",
                       "The transcript of this call recording is not ready yet.");
  if (status != "completed")
    return not_found(
        fmt::format("Transcript of call recording \"{}\" not found.", call.parameters.at(1)));
  std::string raw;
  const auto segments = call.workspace.resources().of(Resource::segment, *id);
  const CursorPage page =
      take_cursor_page(call, *segments, kTranscriptPages, [&](const Row& row, JsonWriter& out) {
        segment(call, *id, row, out, raw);
      });
  if (page.refusal) return *page.refusal;
  const Heads head = heads(place->meeting, *id);
  reply.body = fmt::format(
      R"({{"data":{{{},"transcript":{},"raw_transcript":"{}",{}}},"pagination":{{"next_cursor":{}}}}})",
      head.id, page.rows, raw, head.web_url, page.next_cursor);
  return reply;
}

std::optional<Addressed> recordings_rows(const Call& call) {
  Reply ignored;
  const auto place = place_of(call, ignored, true);
  return place ? std::optional(Addressed{"call_recordings", place->recordings.get()})
               : std::nullopt;
}

std::optional<Addressed> transcript_rows(const Call& call) {
  const auto id = parse_uuid(call.parameters.at(1));
  if (!id) return std::nullopt;
  return Addressed{"transcript",
                   call.workspace.resources().of(Resource::segment, *id, true).get()};
}

}  // namespace sandbox::answer
