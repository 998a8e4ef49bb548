BEGIN TRANSACTION;
CREATE TABLE application_versions (
    version_id TEXT NOT NULL PRIMARY KEY,
    version_name TEXT NOT NULL UNIQUE,
    version_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    created_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
, "application_name" TEXT DEFAULT NULL);
INSERT INTO "application_versions" VALUES('c7917934-c706-455e-8d85-f4962c13b4c1','1',1795569933000,1795569933000,'research');
CREATE TABLE dbos_migrations (version INTEGER NOT NULL PRIMARY KEY);
INSERT INTO "dbos_migrations" VALUES(125);
CREATE TABLE notifications (
    message_uuid TEXT NOT NULL DEFAULT (hex(randomblob(16))) PRIMARY KEY,
    destination_uuid TEXT NOT NULL,
    topic TEXT,
    message TEXT NOT NULL,
    created_at_epoch_ms INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000), "serialization" TEXT DEFAULT NULL, "consumed" BOOLEAN NOT NULL DEFAULT FALSE, consumed_by_function_id INTEGER,
    FOREIGN KEY (destination_uuid) REFERENCES workflow_status(workflow_uuid) 
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE "operation_outputs" (
    workflow_uuid TEXT NOT NULL,
    function_id INTEGER NOT NULL,
    function_name TEXT NOT NULL DEFAULT '',
    output TEXT,
    error TEXT,
    child_workflow_id TEXT,
    started_at_epoch_ms INTEGER,
    completed_at_epoch_ms INTEGER,
    serialization TEXT,
    application_name TEXT DEFAULT NULL,
    retention_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    PRIMARY KEY (workflow_uuid, function_id)
);
INSERT INTO "operation_outputs" VALUES('r_83CME8ANTC86',1379418578,'open','"\"ref\""',NULL,NULL,1795569933846,1795569933847,'research.json','research',1795569933000);
INSERT INTO "operation_outputs" VALUES('r_EA8DEJP4T63E',1379418578,'open','"\"ref\""',NULL,NULL,1795569933844,1795569933847,'research.json','research',1795569933000);
INSERT INTO "operation_outputs" VALUES('r_83CME8ANTC86',2064284885,'angle/technical/investigate','"{\"angle\":{\"slug\":\"technical\",\"title\":\"Technical\",\"section\":\"Technical Mechanisms\",\"prompt\":\"technical\",\"words\":[150,200]},\"text\":\"r_83CME8ANTC86/angle/technical: What the angle/technical call found. A second sentence.\",\"usage\":{\"calls\":1,\"input_tokens\":100,\"output_tokens\":200,\"price\":\"0.001\",\"metered\":true,\"local\":false},\"seconds\":1.5,\"sources\":[]}"',NULL,NULL,1795569933849,1795569933854,'research.json','research',1795569933000);
INSERT INTO "operation_outputs" VALUES('r_EA8DEJP4T63E',306178996,'angle/historical/investigate','"{\"angle\":{\"slug\":\"historical\",\"title\":\"Historical\",\"section\":\"Historical Overview\",\"prompt\":\"historical\",\"words\":[150,200]},\"text\":\"r_EA8DEJP4T63E/angle/historical: What the angle/historical call found. A second sentence.\",\"usage\":{\"calls\":1,\"input_tokens\":100,\"output_tokens\":200,\"price\":\"0.001\",\"metered\":true,\"local\":false},\"seconds\":1.5,\"sources\":[]}"',NULL,NULL,1795569933853,1795569933858,'research.json','research',1795569933000);
INSERT INTO "operation_outputs" VALUES('r_EA8DEJP4T63E',1572205625,'angle/societal/investigate','"{\"angle\":{\"slug\":\"societal\",\"title\":\"Societal\",\"section\":\"Societal Impact\",\"prompt\":\"societal\",\"words\":[150,200]},\"text\":\"r_EA8DEJP4T63E/angle/societal: What the angle/societal call found. A second sentence.\",\"usage\":{\"calls\":1,\"input_tokens\":100,\"output_tokens\":200,\"price\":\"0.001\",\"metered\":true,\"local\":false},\"seconds\":1.5,\"sources\":[]}"',NULL,NULL,1795569933854,1795569933859,'research.json','research',1795569933000);
INSERT INTO "operation_outputs" VALUES('r_83CME8ANTC86',1307974561,'angle/technical/post','"\"link/technical\""',NULL,NULL,1795569933858,1795569933860,'research.json','research',1795569933000);
INSERT INTO "operation_outputs" VALUES('r_EA8DEJP4T63E',693360589,'angle/societal/post','"\"link/societal\""',NULL,NULL,1795569933861,1795569933862,'research.json','research',1795569933000);
INSERT INTO "operation_outputs" VALUES('r_83CME8ANTC86',306178996,'angle/historical/investigate','"{\"angle\":{\"slug\":\"historical\",\"title\":\"Historical\",\"section\":\"Historical Overview\",\"prompt\":\"historical\",\"words\":[150,200]},\"text\":\"r_83CME8ANTC86/angle/historical: What the angle/historical call found. A second sentence.\",\"usage\":{\"calls\":1,\"input_tokens\":100,\"output_tokens\":200,\"price\":\"0.001\",\"metered\":true,\"local\":false},\"seconds\":1.5,\"sources\":[]}"',NULL,NULL,1795569933849,1795569933853,'research.json','research',1795569933000);
INSERT INTO "operation_outputs" VALUES('r_83CME8ANTC86',1572205625,'angle/societal/investigate','"{\"angle\":{\"slug\":\"societal\",\"title\":\"Societal\",\"section\":\"Societal Impact\",\"prompt\":\"societal\",\"words\":[150,200]},\"text\":\"r_83CME8ANTC86/angle/societal: What the angle/societal call found. A second sentence.\",\"usage\":{\"calls\":1,\"input_tokens\":100,\"output_tokens\":200,\"price\":\"0.001\",\"metered\":true,\"local\":false},\"seconds\":1.5,\"sources\":[]}"',NULL,NULL,1795569933850,1795569933854,'research.json','research',1795569933000);
INSERT INTO "operation_outputs" VALUES('r_83CME8ANTC86',451146453,'angle/historical/post','"\"link/historical\""',NULL,NULL,1795569933874,1795569933875,'research.json','research',1795569933000);
INSERT INTO "operation_outputs" VALUES('r_83CME8ANTC86',1645722562,'report','"{\"summary\":\"Tea moved from medicine to habit. Its trade shaped empires.\",\"sections\":[{\"title\":\"Historical Overview\",\"text\":\"Tea began in China.\"},{\"title\":\"Technical Mechanisms\",\"text\":\"Oxidation makes black tea.\"},{\"title\":\"Societal Impact\",\"text\":\"Tea feeds millions of pickers.\"},{\"title\":\"Synthesis\",\"text\":\"As the historical angle shows, trade came before taste.\"}],\"usage\":{\"calls\":1,\"input_tokens\":100,\"output_tokens\":200,\"price\":\"0.001\",\"metered\":true,\"local\":false},\"seconds\":1.5}"',NULL,NULL,1795569933876,1795569933878,'research.json','research',1795569933000);
INSERT INTO "operation_outputs" VALUES('r_83CME8ANTC86',693360589,'angle/societal/post','"\"link/societal\""',NULL,NULL,1795569933876,1795569933877,'research.json','research',1795569933000);
INSERT INTO "operation_outputs" VALUES('r_83CME8ANTC86',1748644060,'report/post','"\"link/report\""',NULL,NULL,1795569933881,1795569933882,'research.json','research',1795569933000);
CREATE TABLE pulse (
	at FLOAT NOT NULL
);
INSERT INTO "pulse" VALUES(0.0);
CREATE TABLE queues (
    queue_id TEXT PRIMARY KEY DEFAULT (hex(randomblob(16))),
    name TEXT NOT NULL UNIQUE,
    concurrency INTEGER,
    worker_concurrency INTEGER,
    rate_limit_max INTEGER,
    rate_limit_period_sec REAL,
    priority_enabled BOOLEAN NOT NULL DEFAULT FALSE,
    partition_queue BOOLEAN NOT NULL DEFAULT FALSE,
    polling_interval_sec REAL NOT NULL DEFAULT 1.0,
    created_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    updated_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
, "application_name" TEXT DEFAULT NULL, "partition_concurrency" INTEGER DEFAULT NULL, "partition_worker_concurrency" INTEGER DEFAULT NULL, "partition_rate_limit_max" INTEGER DEFAULT NULL, "partition_rate_limit_period_sec" REAL DEFAULT NULL);
CREATE TABLE research_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT research_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "research_version" VALUES('0001');
CREATE TABLE runs (
	id TEXT NOT NULL, 
	team TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	asker TEXT NOT NULL, 
	asked_at FLOAT NOT NULL, 
	phase TEXT NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES('r_83CME8ANTC86','T1','C05QK2T7H1P','U04MZ8R1C2D',1795169524.0,'done','{"question":{"key":"cocoa","topic":"cocoa","asker":"U04MZ8R1C2D","place":{"team":"T1","channel":"C05QK2T7H1P","direct":false,"between_people":false,"reply_url":""},"asked_at":1795169524.0,"angles":[{"slug":"historical","title":"Historical","section":"Historical Overview","prompt":"historical","words":[150,200]},{"slug":"technical","title":"Technical","section":"Technical Mechanisms","prompt":"technical","words":[150,200]},{"slug":"societal","title":"Societal","section":"Societal Impact","prompt":"societal","words":[150,200]}]},"branches":[{"angle":{"slug":"historical","title":"Historical","section":"Historical Overview","prompt":"historical","words":[150,200]},"result":{"angle":{"slug":"historical","title":"Historical","section":"Historical Overview","prompt":"historical","words":[150,200]},"text":"r_83CME8ANTC86/angle/historical: What the angle/historical call found. A second sentence.","usage":{"calls":1,"input_tokens":100,"output_tokens":200,"price":"0.001","metered":true,"local":false},"seconds":1.5,"sources":[]},"link":"link/historical"},{"angle":{"slug":"technical","title":"Technical","section":"Technical Mechanisms","prompt":"technical","words":[150,200]},"result":{"angle":{"slug":"technical","title":"Technical","section":"Technical Mechanisms","prompt":"technical","words":[150,200]},"text":"r_83CME8ANTC86/angle/technical: What the angle/technical call found. A second sentence.","usage":{"calls":1,"input_tokens":100,"output_tokens":200,"price":"0.001","metered":true,"local":false},"seconds":1.5,"sources":[]},"link":"link/technical"},{"angle":{"slug":"societal","title":"Societal","section":"Societal Impact","prompt":"societal","words":[150,200]},"result":{"angle":{"slug":"societal","title":"Societal","section":"Societal Impact","prompt":"societal","words":[150,200]},"text":"r_83CME8ANTC86/angle/societal: What the angle/societal call found. A second sentence.","usage":{"calls":1,"input_tokens":100,"output_tokens":200,"price":"0.001","metered":true,"local":false},"seconds":1.5,"sources":[]},"link":"link/societal"}],"phase":"done","report":{"summary":"Tea moved from medicine to habit. Its trade shaped empires.","sections":[{"title":"Historical Overview","text":"Tea began in China."},{"title":"Technical Mechanisms","text":"Oxidation makes black tea."},{"title":"Societal Impact","text":"Tea feeds millions of pickers."},{"title":"Synthesis","text":"As the historical angle shows, trade came before taste."}],"usage":{"calls":1,"input_tokens":100,"output_tokens":200,"price":"0.001","metered":true,"local":false},"seconds":1.5},"report_link":"link/report","seconds":0.031268416000330035,"limit":null,"ref":"ref","stopped_by":"","resumed_at":1795569933.8462327,"attempt":1,"again_by":"","earlier":{"calls":0,"input_tokens":0,"output_tokens":0,"price":"0","metered":true,"local":false}}');
CREATE TABLE streams (
    workflow_uuid TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    "offset" INTEGER NOT NULL, function_id INTEGER NOT NULL DEFAULT 0, "serialization" TEXT DEFAULT NULL,
    PRIMARY KEY (workflow_uuid, key, "offset"),
    FOREIGN KEY (workflow_uuid) REFERENCES workflow_status(workflow_uuid) 
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE workflow_events (
    workflow_uuid TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL, "serialization" TEXT DEFAULT NULL,
    PRIMARY KEY (workflow_uuid, key),
    FOREIGN KEY (workflow_uuid) REFERENCES workflow_status(workflow_uuid) 
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE workflow_events_history (
    workflow_uuid TEXT NOT NULL,
    function_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL, "serialization" TEXT DEFAULT NULL,
    PRIMARY KEY (workflow_uuid, function_id, key),
    FOREIGN KEY (workflow_uuid) REFERENCES workflow_status(workflow_uuid)
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE workflow_input (
    workflow_uuid TEXT NOT NULL PRIMARY KEY,
    inputs TEXT,
    retention_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
);
INSERT INTO "workflow_input" VALUES('r_KXTD3V1PXFFB','{"args": ["{\"version\":1,\"question\":{\"key\":\"tea\",\"topic\":\"tea\",\"asker\":\"U04MZ8R1C2D\",\"place\":{\"team\":\"T1\",\"channel\":\"C05QK2T7H1P\",\"direct\":false,\"between_people\":false,\"reply_url\":\"\"},\"asked_at\":1795169524.0,\"angles\":[{\"slug\":\"historical\",\"title\":\"Historical\",\"section\":\"Historical Overview\",\"prompt\":\"historical\",\"words\":[150,200]},{\"slug\":\"technical\",\"title\":\"Technical\",\"section\":\"Technical Mechanisms\",\"prompt\":\"technical\",\"words\":[150,200]},{\"slug\":\"societal\",\"title\":\"Societal\",\"section\":\"Societal Impact\",\"prompt\":\"societal\",\"words\":[150,200]}]},\"attempt\":1,\"by\":\"\"}"], "kwargs": {}}',1795569933000);
INSERT INTO "workflow_input" VALUES('r_EA8DEJP4T63E','{"args": ["{\"version\":1,\"question\":{\"key\":\"coffee\",\"topic\":\"coffee\",\"asker\":\"U04MZ8R1C2D\",\"place\":{\"team\":\"T1\",\"channel\":\"C05QK2T7H1P\",\"direct\":false,\"between_people\":false,\"reply_url\":\"\"},\"asked_at\":1795169524.0,\"angles\":[{\"slug\":\"historical\",\"title\":\"Historical\",\"section\":\"Historical Overview\",\"prompt\":\"historical\",\"words\":[150,200]},{\"slug\":\"technical\",\"title\":\"Technical\",\"section\":\"Technical Mechanisms\",\"prompt\":\"technical\",\"words\":[150,200]},{\"slug\":\"societal\",\"title\":\"Societal\",\"section\":\"Societal Impact\",\"prompt\":\"societal\",\"words\":[150,200]}]},\"attempt\":1,\"by\":\"\"}"], "kwargs": {}}',1795569933000);
INSERT INTO "workflow_input" VALUES('r_83CME8ANTC86','{"args": ["{\"version\":1,\"question\":{\"key\":\"cocoa\",\"topic\":\"cocoa\",\"asker\":\"U04MZ8R1C2D\",\"place\":{\"team\":\"T1\",\"channel\":\"C05QK2T7H1P\",\"direct\":false,\"between_people\":false,\"reply_url\":\"\"},\"asked_at\":1795169524.0,\"angles\":[{\"slug\":\"historical\",\"title\":\"Historical\",\"section\":\"Historical Overview\",\"prompt\":\"historical\",\"words\":[150,200]},{\"slug\":\"technical\",\"title\":\"Technical\",\"section\":\"Technical Mechanisms\",\"prompt\":\"technical\",\"words\":[150,200]},{\"slug\":\"societal\",\"title\":\"Societal\",\"section\":\"Societal Impact\",\"prompt\":\"societal\",\"words\":[150,200]}]},\"attempt\":1,\"by\":\"\"}"], "kwargs": {}}',1795569933000);
CREATE TABLE workflow_output (
    workflow_uuid TEXT NOT NULL PRIMARY KEY,
    output TEXT,
    error TEXT,
    retention_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
);
INSERT INTO "workflow_output" VALUES('r_83CME8ANTC86','null',NULL,1795569933000);
CREATE TABLE workflow_schedules (
    schedule_id TEXT PRIMARY KEY,
    schedule_name TEXT NOT NULL UNIQUE,
    workflow_name TEXT NOT NULL,
    workflow_class_name TEXT,
    schedule TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'ACTIVE',
    context TEXT NOT NULL
, "last_fired_at" TEXT DEFAULT NULL, "automatic_backfill" BOOLEAN NOT NULL DEFAULT FALSE, "cron_timezone" TEXT DEFAULT NULL, "queue_name" TEXT DEFAULT NULL, "application_name" TEXT DEFAULT NULL);
CREATE TABLE workflow_status (
    workflow_uuid TEXT PRIMARY KEY,
    status TEXT,
    name TEXT,
    authenticated_user TEXT,
    assumed_role TEXT,
    authenticated_roles TEXT,
    request TEXT,
    output TEXT,
    error TEXT,
    executor_id TEXT,
    created_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    updated_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    application_version TEXT,
    application_id TEXT,
    class_name TEXT DEFAULT NULL,
    config_name TEXT DEFAULT NULL,
    recovery_attempts INTEGER DEFAULT 0,
    queue_name TEXT,
    workflow_timeout_ms INTEGER,
    workflow_deadline_epoch_ms INTEGER,
    inputs TEXT,
    started_at_epoch_ms INTEGER,
    deduplication_id TEXT,
    priority INTEGER NOT NULL DEFAULT 0
, queue_partition_key TEXT, forked_from TEXT, "owner_xid" TEXT DEFAULT NULL, "parent_workflow_id" TEXT DEFAULT NULL, "serialization" TEXT DEFAULT NULL, "delay_until_epoch_ms" BIGINT DEFAULT NULL, "was_forked_from" BOOLEAN NOT NULL DEFAULT FALSE, "rate_limited" BOOLEAN NOT NULL DEFAULT FALSE, "completed_at" BIGINT, "attributes" TEXT, "schedule_name" TEXT, "debounce_deadline_epoch_ms" BIGINT DEFAULT NULL, "is_debounced" BOOLEAN NOT NULL DEFAULT FALSE, "application_name" TEXT DEFAULT NULL, "creator_xid" TEXT DEFAULT NULL);
INSERT INTO "workflow_status" VALUES('r_KXTD3V1PXFFB','PENDING','research.attempt',NULL,NULL,NULL,NULL,NULL,NULL,'research',1795569933000,1795569933000,'1','',NULL,NULL,1,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,'af64d58f-6e2c-4238-a28a-eeafbb875989',NULL,'research.json',NULL,0,0,NULL,'null',NULL,NULL,0,'research','af64d58f-6e2c-4238-a28a-eeafbb875989');
INSERT INTO "workflow_status" VALUES('r_EA8DEJP4T63E','PENDING','research.attempt',NULL,NULL,NULL,NULL,NULL,NULL,'research',1795569933000,1795569933000,'1','',NULL,NULL,1,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,'1a5f7d0f-969b-4bd9-9c8b-6e861d878953',NULL,'research.json',NULL,0,0,NULL,'null',NULL,NULL,0,'research','1a5f7d0f-969b-4bd9-9c8b-6e861d878953');
INSERT INTO "workflow_status" VALUES('r_83CME8ANTC86','SUCCESS','research.attempt',NULL,NULL,NULL,NULL,NULL,NULL,'research',1795569933000,1795569933000,'1','',NULL,NULL,1,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,'research.json',NULL,0,0,1795569933000,'null',NULL,NULL,0,'research','4d1c5aac-b583-4f4b-b969-029e4a340e80');
CREATE INDEX runs_by_place ON runs (team, channel, asked_at);
CREATE INDEX runs_by_time ON runs (asked_at);
CREATE INDEX workflow_status_created_at_index ON workflow_status (created_at);
CREATE INDEX idx_workflow_topic ON notifications (destination_uuid, topic);
CREATE INDEX "idx_workflow_status_delayed" ON "workflow_status" ("delay_until_epoch_ms") WHERE status = 'DELAYED';
CREATE INDEX "idx_workflow_status_forked_from" ON "workflow_status" ("forked_from") WHERE "forked_from" IS NOT NULL;
CREATE INDEX "idx_workflow_status_parent_workflow_id" ON "workflow_status" ("parent_workflow_id") WHERE "parent_workflow_id" IS NOT NULL;
CREATE UNIQUE INDEX "uq_workflow_status_dedup_id" ON "workflow_status" ("queue_name", "deduplication_id") WHERE "deduplication_id" IS NOT NULL;
CREATE INDEX "idx_workflow_status_pending" ON "workflow_status" ("created_at") WHERE "status" = 'PENDING';
CREATE INDEX "idx_workflow_status_failed" ON "workflow_status" ("status", "created_at") WHERE "status" IN ('ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED');
CREATE INDEX "idx_workflow_status_rate_limited" ON "workflow_status" ("queue_name", "started_at_epoch_ms") WHERE "rate_limited" = TRUE;
CREATE INDEX "idx_workflow_status_completed_at" ON "workflow_status" ("completed_at") WHERE "completed_at" IS NOT NULL;
CREATE INDEX "idx_workflow_status_started_at" ON "workflow_status" ("started_at_epoch_ms") WHERE "started_at_epoch_ms" IS NOT NULL;
CREATE INDEX "idx_workflow_status_schedule_name" ON "workflow_status" ("schedule_name") WHERE "schedule_name" IS NOT NULL;
CREATE UNIQUE INDEX "uq_application_versions_owner_version"
    ON application_versions ("application_name", "version_name")
    WHERE "application_name" IS NOT NULL;
CREATE UNIQUE INDEX "uq_application_versions_unclaimed_version"
    ON application_versions ("version_name")
    WHERE "application_name" IS NULL;
CREATE INDEX idx_workflow_input_retention
    ON workflow_input (retention_timestamp);
CREATE INDEX idx_workflow_output_retention
    ON workflow_output (retention_timestamp);
CREATE INDEX idx_operation_outputs_retention
    ON operation_outputs (retention_timestamp);
CREATE INDEX "idx_workflow_status_in_flight_v2" ON "workflow_status" ("queue_name", "status", "priority", "created_at", "application_name") WHERE "status" IN ('ENQUEUED', 'PENDING');
CREATE INDEX "idx_workflow_status_partition_dequeue_v3" ON "workflow_status" ("queue_name", "status", "queue_partition_key", "priority", "created_at", "workflow_uuid", "application_name") WHERE "status" IN ('ENQUEUED', 'PENDING') AND "queue_partition_key" IS NOT NULL;
CREATE INDEX "idx_operation_outputs_completed_at_function_name_v2" ON "operation_outputs" ("completed_at_epoch_ms", "function_name", "application_name");
CREATE INDEX "idx_workflow_status_deadline" ON "workflow_status" ("workflow_deadline_epoch_ms") WHERE "status" IN ('ENQUEUED', 'PENDING', 'DELAYED') AND "workflow_deadline_epoch_ms" IS NOT NULL;
CREATE INDEX "idx_application_versions_timestamp" ON "application_versions" ("version_timestamp" DESC);
CREATE INDEX "idx_application_versions_owner_timestamp" ON "application_versions" ("application_name", "version_timestamp" DESC);
COMMIT;
