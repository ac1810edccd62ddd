-- Tables and columns get the names that the code has for what they hold.

ALTER TABLE record RENAME TO meta;
ALTER TABLE pace RENAME TO schedule;
ALTER TABLE schedule RENAME COLUMN purpose TO category;                -- enum budget_category

ALTER TABLE awaited RENAME TO pending_lookup;
DROP INDEX awaited_by_due;
CREATE INDEX pending_lookup_by_due ON pending_lookup (due_at);

ALTER TABLE stretch RENAME TO coverage;
DROP INDEX stretch_gap;
CREATE INDEX coverage_gap ON coverage (query, until) WHERE read_at = 0;

ALTER TABLE overdue RENAME TO quarantine;
ALTER TABLE quarantine RENAME COLUMN overdue TO number;
DROP INDEX overdue_by_turn;
CREATE INDEX quarantine_by_turn ON quarantine (recheck_at, published_at DESC);
ALTER TABLE overdue_match RENAME TO quarantine_match;
ALTER TABLE quarantine_match RENAME COLUMN overdue TO number;
DROP INDEX overdue_match_by_query;
CREATE INDEX quarantine_match_by_query ON quarantine_match (query);
ALTER TABLE overdue_revision RENAME TO quarantine_revision;
ALTER TABLE quarantine_revision RENAME COLUMN overdue TO number;
DROP INDEX overdue_revision_by_video;
DROP INDEX overdue_revision_by_age;
CREATE INDEX quarantine_revision_by_video ON quarantine_revision (number);
CREATE INDEX quarantine_revision_by_age ON quarantine_revision (replaced_at);

ALTER TABLE query RENAME COLUMN presence TO entry_state;               -- enum entry_state
ALTER TABLE query RENAME COLUMN in_variable TO in_config;              -- NEWSREEL_QUERIES named it at the last run
ALTER TABLE api_key RENAME COLUMN presence TO entry_state;
ALTER TABLE api_key RENAME COLUMN in_variable TO in_config;            -- YOUTUBE_API_KEYS named it at the last run

ALTER TABLE project RENAME COLUMN searches_told TO searches_reported;  -- by a refusal
ALTER TABLE project RENAME COLUMN units_told TO units_reported;
