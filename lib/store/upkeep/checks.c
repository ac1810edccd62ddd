#include "store/upkeep/checks.h"

/* What volume counts: the videos of all lists. */
#define VOLUMES                                                                                                                  \
	"SELECT 0 AS query, 0 AS bucket, (seq >> 10) / 86400 * 86400 AS start FROM video"                                        \
	" UNION ALL SELECT 0, 1, month_start(seq >> 10) FROM video"                                                              \
	" UNION ALL SELECT query, 0, (seq >> 10) / 86400 * 86400 FROM match"                                                     \
	" UNION ALL SELECT query, 1, month_start(seq >> 10) FROM match"

/* What attrition counts: the matches of videos that are there, and those of videos that are gone. */
#define ATTRITIONS                                                                                                               \
	"SELECT m.query, m.found_at / 86400 * 86400 AS day, a.age, 1 AS there, 0 AS gone, 0 AS undated FROM match m"             \
	" JOIN video v ON v.seq = m.seq"                                                                                         \
	" JOIN attrition_age a ON a.age * 86400 <= max(v.checked_at - m.found_at, 0)"                                            \
	" UNION ALL SELECT query, found_at / 86400 * 86400, age, CASE WHEN there THEN 1 ELSE 0 END,"                             \
	" CASE WHEN NOT there AND gone THEN 1 ELSE 0 END, CASE WHEN NOT there AND NOT gone THEN 1 ELSE 0 END FROM"               \
	" (SELECT g.query, g.found_at, a.age, a.age * 86400 <= max(g.checked_at - g.found_at, 0) AS there,"                      \
	" a.age * 86400 >= g.missing_at - g.found_at AS gone FROM gone_match g JOIN attrition_age a ON a.age >= 0) s"

#define MATCHES_BY(how) "(SELECT count(*) FROM match m WHERE m.query = query.id AND m.how = " how ")"
#define WAY(column, how) "q." column " <> sum(CASE WHEN m.how = " how " THEN 1 ELSE 0 END)"
#define GAPS_OF "FROM coverage c WHERE c.query = query.id AND c.read_at = 0"

const struct check table_checks[TABLE_CHECKS] = {
    {.fault =
         "SELECT 'count of videos: ' || videos || ' counted, ' || n || ' there' FROM meta, (SELECT count(*) AS n FROM video) v"
         " WHERE videos <> n",
     .mend = "UPDATE meta SET videos = (SELECT count(*) FROM video)"},
    {.fault = "SELECT 'video ' || video.id || ': changed before it was recorded, or after the last change' FROM video, meta"
              " WHERE video.changed < video.recorded OR video.changed > meta.recorded",
     .mend = "UPDATE video SET changed = recorded WHERE changed < recorded;"
             "UPDATE meta SET recorded = max(recorded, (SELECT coalesce(max(changed), 0) FROM video))"},
    {.fault = "SELECT 'video ' || id || ': removed and shown' FROM removed WHERE id IN (SELECT id FROM video)",
     .mend = "DELETE FROM removed WHERE id IN (SELECT id FROM video)"},
    {.fault = "SELECT 'video ' || id || ': hidden and shown' FROM quarantine WHERE id IN (SELECT id FROM video)"},
    {.fault = "SELECT 'video ' || seq || ': shown with query ' || query || ', and hidden'"
              " FROM hidden_match JOIN match USING (query, seq)"},
    {.fault = "SELECT 'video ' || id || ': hidden without a reason' FROM quarantine WHERE reasons = 0"},
    {.fault = "SELECT 'video ' || id || ': shown, and a visitor''s' FROM visitor_video WHERE id IN (SELECT id FROM video)"
              " OR seq IN (SELECT seq FROM video)"},
    {.fault = "SELECT 'count of channel ' || c.id || ': ' || c.videos || ' counted, ' || count(v.seq) || ' there'"
              " FROM channel c LEFT JOIN video v ON v.channel = c.id GROUP BY c.id HAVING c.videos <> count(v.seq)",
     .mend = "UPDATE channel SET videos = n.videos FROM (SELECT c.id, count(v.seq) AS videos FROM channel c LEFT JOIN video v"
             " ON v.channel = c.id GROUP BY c.id) n WHERE n.id = channel.id AND n.videos <> channel.videos"},
    {.fault = "SELECT 'count of query ' || q.id || ': ' || q.videos || ' counted, ' || count(m.seq) || ' there'"
              " FROM query q LEFT JOIN match m ON m.query = q.id GROUP BY q.id HAVING q.videos <> count(m.seq)",
     .mend = "UPDATE query SET videos = (SELECT count(*) FROM match m WHERE m.query = query.id)"},
    {.fault = "SELECT 'ways of query ' || q.id || ': not as many as its matches'"
              " FROM query q LEFT JOIN match m ON m.query = q.id GROUP BY q.id"
              " HAVING " WAY("found_by_search", "0") " OR " WAY("found_by_channel", "1") " OR " WAY(
		  "found_by_push", "2") " OR " WAY("found_by_import", "3") " OR " WAY("found_by_rss", "4"),
     .mend = "UPDATE query SET found_by_search = " MATCHES_BY("0") ", found_by_channel = " MATCHES_BY(
	 "1") ", found_by_push = " MATCHES_BY("2") ", found_by_import = " MATCHES_BY("3") ", found_by_rss = " MATCHES_BY("4")},
    {.fault = "SELECT 'gaps of query ' || q.id || ': ' || q.gaps || ' counted, ' || count(c.since) || ' there'"
              " FROM query q LEFT JOIN coverage c ON c.query = q.id AND c.read_at = 0 GROUP BY q.id"
              " HAVING q.gaps <> count(c.since) OR q.missing_s <> coalesce(sum(c.until - c.since), 0)",
     .mend = "UPDATE query SET gaps = (SELECT count(*) " GAPS_OF
             "), missing_s = (SELECT coalesce(sum(c.until - c.since), 0) " GAPS_OF ")"},
    {.fault =
         "SELECT 'volume of query ' || query || ', bucket ' || bucket || ', ' || start || ': ' || sum(kept) || ' counted, ' || "
         "sum(there) || ' there'"
         " FROM (SELECT query, bucket, start, videos AS kept, 0 AS there FROM volume"
         "       UNION ALL SELECT query, bucket, start, 0, 1 FROM (" VOLUMES ") n) v"
         " GROUP BY query, bucket, start HAVING sum(kept) <> sum(there)",
     .mend = "DELETE FROM volume;"
             "INSERT INTO volume (query, bucket, start, videos) SELECT query, bucket, start, count(*) FROM (" VOLUMES
             ") n GROUP BY 1, 2, 3"},
    {.fault =
         "SELECT 'attrition of query ' || query || ', day ' || day || ', after ' || age || ' days: not as many as its matches'"
         " FROM (SELECT query, day, age, there, gone, undated FROM attrition"
         "       UNION ALL SELECT query, day, age, -there, -gone, -undated FROM (" ATTRITIONS ") n) a"
         " GROUP BY query, day, age HAVING sum(there) <> 0 OR sum(gone) <> 0 OR sum(undated) <> 0",
     .mend = "DELETE FROM attrition;"
             "INSERT INTO attrition (query, day, age, there, gone, undated) SELECT query, day, age, sum(there), sum(gone), "
             "sum(undated)"
             " FROM (" ATTRITIONS ") n GROUP BY 1, 2, 3"},
};
