drop index "driver_client_capability_by_target";

drop index "customer_by_default_account";

drop index "customer_by_default_brand";

drop index "customer_account_by_target";

drop index "customer_account_department_by_target";

drop index "customer_brand_by_target";

drop index "customer_client_capability_by_target";

drop index "scp_guardian_by_target";

drop index "scp_client_capability_by_target";

drop index "driver_customer_by_driver";

drop index "driver_customer_by_customer";

drop index "driver_scp_by_driver";

drop index "driver_scp_by_scp";

drop index "account_client_capability_by_target";

drop index "account_brand_by_target";

drop index "account_department_by_account";

drop index "account_department_by_primary_group";

drop index "account_department_by_primary_contact";

drop index "account_department_by_secondary_contact";

drop index "account_department_group_by_target";

drop index "account_department_client_capability_by_target";

drop index "account_department_brand_by_target";

drop index "account_employee_by_customer";

drop index "account_employee_by_account";

drop index "account_employee_account_department_by_target";

drop index "recurring_trip_by_account";

drop index "recurring_trip_by_account_department";

drop index "recurring_trip_trip_segment_scp_by_target";

drop index "recurring_trip_client_capability_by_target";

drop index "trip_by_account";

drop index "trip_by_account_department";

drop index "trip_by_recurring_trip";

drop index "trip_by_day";

drop index "trip_trip_segment_scp_by_target";

drop index "trip_client_capability_by_target";

drop index "api_token_group_by_target";

create index "client_deleted" on "client" ("client_id", "id") where deleted_at is not null;

create index "brand_listed_by_is_default" on "brand" ("client_id", "is_default", "id") where is_default = 1;

create index "brand_deleted" on "brand" ("client_id", "id") where deleted_at is not null;

create index "client_capability_deleted" on "client_capability" ("client_id", "id") where deleted_at is not null;

create index "acl_group_deleted" on "acl_group" ("client_id", "id") where deleted_at is not null;

create index "driver_listed_by_status" on "driver" ("client_id", "status", "id");

create index "driver_by_full_name_folded_2" on "driver" ("client_id", (substr("full_name_folded", instr("full_name_folded", ' ') + 1))) where deleted_at is null and instr("full_name_folded", ' ') > 0;

create index "driver_by_full_name_folded_3" on "driver" ("client_id", (substr(substr("full_name_folded", instr("full_name_folded", ' ') + 1), instr(substr("full_name_folded", instr("full_name_folded", ' ') + 1), ' ') + 1))) where deleted_at is null and instr(substr("full_name_folded", instr("full_name_folded", ' ') + 1), ' ') > 0;

create index "driver_by_full_name_folded_longer" on "driver" ("client_id", "id") where deleted_at is null and instr(substr(substr("full_name_folded", instr("full_name_folded", ' ') + 1), instr(substr("full_name_folded", instr("full_name_folded", ' ') + 1), ' ') + 1), ' ') > 0;

create index "driver_deleted" on "driver" ("client_id", "id") where deleted_at is not null;

create index "driver_client_capability_of_target" on "driver_client_capability" ("client_id", "target_id", "owner_id", "ordinal");

create index "customer_listed_by_shared_phone" on "customer" ("client_id", "shared_phone", "id") where shared_phone = 1;

create index "customer_listed_by_default_account" on "customer" ("client_id", "default_account_id", "id") where default_account_id is not null;

create index "customer_listed_by_default_brand" on "customer" ("client_id", "default_brand_id", "id") where default_brand_id is not null;

create index "customer_by_full_name_folded_2" on "customer" ("client_id", (substr("full_name_folded", instr("full_name_folded", ' ') + 1))) where deleted_at is null and instr("full_name_folded", ' ') > 0;

create index "customer_by_full_name_folded_3" on "customer" ("client_id", (substr(substr("full_name_folded", instr("full_name_folded", ' ') + 1), instr(substr("full_name_folded", instr("full_name_folded", ' ') + 1), ' ') + 1))) where deleted_at is null and instr(substr("full_name_folded", instr("full_name_folded", ' ') + 1), ' ') > 0;

create index "customer_by_full_name_folded_longer" on "customer" ("client_id", "id") where deleted_at is null and instr(substr(substr("full_name_folded", instr("full_name_folded", ' ') + 1), instr(substr("full_name_folded", instr("full_name_folded", ' ') + 1), ' ') + 1), ' ') > 0;

create index "customer_deleted" on "customer" ("client_id", "id") where deleted_at is not null;

create index "customer_account_of_target" on "customer_account" ("client_id", "target_id", "owner_id", "ordinal");

create index "customer_account_department_of_target" on "customer_account_department" ("client_id", "target_id", "owner_id", "ordinal");

create index "customer_brand_of_target" on "customer_brand" ("client_id", "target_id", "owner_id", "ordinal");

create index "customer_client_capability_of_target" on "customer_client_capability" ("client_id", "target_id", "owner_id", "ordinal");

create index "scp_listed_by_requires_handoff_verification" on "scp" ("client_id", "requires_handoff_verification", "id") where requires_handoff_verification = 1;

create index "scp_deleted" on "scp" ("client_id", "id") where deleted_at is not null;

create index "scp_guardian_of_target" on "scp_guardian" ("client_id", "target_id", "owner_id", "ordinal");

create index "scp_client_capability_of_target" on "scp_client_capability" ("client_id", "target_id", "owner_id", "ordinal");

create index "driver_customer_listed_by_driver" on "driver_customer" ("client_id", "driver_id", "id");

create index "driver_customer_listed_by_customer" on "driver_customer" ("client_id", "customer_id", "id");

create index "driver_customer_listed_by_mode" on "driver_customer" ("client_id", "mode", "id");

create index "driver_customer_deleted" on "driver_customer" ("client_id", "id") where deleted_at is not null;

create index "driver_scp_listed_by_driver" on "driver_scp" ("client_id", "driver_id", "id");

create index "driver_scp_listed_by_scp" on "driver_scp" ("client_id", "scp_id", "id");

create index "driver_scp_listed_by_mode" on "driver_scp" ("client_id", "mode", "id");

create index "driver_scp_deleted" on "driver_scp" ("client_id", "id") where deleted_at is not null;

create index "schedule_exclusion_group_listed_by_mode" on "schedule_exclusion_group" ("client_id", "mode", "id");

create index "schedule_exclusion_group_deleted" on "schedule_exclusion_group" ("client_id", "id") where deleted_at is not null;

create index "account_listed_by_active" on "account" ("client_id", "active", "id") where active = 0;

create index "account_listed_by_auth_type" on "account" ("client_id", "auth_type", "id");

create index "account_listed_by_merge_preference" on "account" ("client_id", "merge_preference", "id");

create index "account_deleted" on "account" ("client_id", "id") where deleted_at is not null;

create index "account_client_capability_of_target" on "account_client_capability" ("client_id", "target_id", "owner_id", "ordinal");

create index "account_brand_of_target" on "account_brand" ("client_id", "target_id", "owner_id", "ordinal");

create index "account_department_by_department_name_folded" on "account_department" ("client_id", "department_name_folded") where deleted_at is null and department_name_folded is not null;

create index "account_department_listed_by_account" on "account_department" ("client_id", "account_id", "id");

create index "account_department_listed_by_active" on "account_department" ("client_id", "active", "id") where active = 0;

create index "account_department_listed_by_primary_group" on "account_department" ("client_id", "primary_group_id", "id") where primary_group_id is not null;

create index "account_department_listed_by_merge_preference" on "account_department" ("client_id", "merge_preference", "id");

create index "account_department_listed_by_primary_contact" on "account_department" ("client_id", "primary_contact_id", "id") where primary_contact_id is not null;

create index "account_department_listed_by_secondary_contact" on "account_department" ("client_id", "secondary_contact_id", "id") where secondary_contact_id is not null;

create index "account_department_listed_by_auth_type" on "account_department" ("client_id", "auth_type", "id");

create index "account_department_deleted" on "account_department" ("client_id", "id") where deleted_at is not null;

create index "account_department_group_of_target" on "account_department_group" ("client_id", "target_id", "owner_id", "ordinal");

create index "account_department_client_capability_of_target" on "account_department_client_capability" ("client_id", "target_id", "owner_id", "ordinal");

create index "account_department_brand_of_target" on "account_department_brand" ("client_id", "target_id", "owner_id", "ordinal");

create index "account_employee_listed_by_customer" on "account_employee" ("client_id", "customer_id", "id");

create index "account_employee_listed_by_account" on "account_employee" ("client_id", "account_id", "id");

create index "account_employee_listed_by_active" on "account_employee" ("client_id", "active", "id") where active = 0;

create index "account_employee_listed_by_auth_type" on "account_employee" ("client_id", "auth_type", "id");

create index "account_employee_listed_by_merge_preference" on "account_employee" ("client_id", "merge_preference", "id");

create index "account_employee_deleted" on "account_employee" ("client_id", "id") where deleted_at is not null;

create index "account_employee_account_department_of_target" on "account_employee_account_department" ("client_id", "target_id", "owner_id", "ordinal");

create index "recurring_trip_listed_by_active" on "recurring_trip" ("client_id", "active", "id") where active = 0;

create index "recurring_trip_listed_by_account" on "recurring_trip" ("client_id", "account_id", "id") where account_id is not null;

create index "recurring_trip_listed_by_account_department" on "recurring_trip" ("client_id", "account_department_id", "id") where account_department_id is not null;

create index "recurring_trip_deleted" on "recurring_trip" ("client_id", "id") where deleted_at is not null;

create index "recurring_trip_trip_segment_scp_of_target" on "recurring_trip_trip_segment_scp" ("client_id", "target_id", "owner_id", "position", "ordinal");

create index "recurring_trip_client_capability_of_target" on "recurring_trip_client_capability" ("client_id", "target_id", "owner_id", "ordinal");

create index "trip_listed_by_status" on "trip" ("client_id", "status", "id");

create index "trip_listed_by_account" on "trip" ("client_id", "account_id", "id") where account_id is not null;

create index "trip_listed_by_account_department" on "trip" ("client_id", "account_department_id", "id") where account_department_id is not null;

create index "trip_listed_by_recurring_trip" on "trip" ("client_id", "recurring_trip_id", "id") where recurring_trip_id is not null;

create index "trip_listed_by_day" on "trip" ("client_id", "day", "id") where day is not null;

create index "trip_by_pickup_at" on "trip" ("client_id", "pickup_at", "id");

create index "trip_deleted" on "trip" ("client_id", "id") where deleted_at is not null;

create index "trip_trip_segment_scp_of_target" on "trip_trip_segment_scp" ("client_id", "target_id", "owner_id", "position", "ordinal");

create index "trip_client_capability_of_target" on "trip_client_capability" ("client_id", "target_id", "owner_id", "ordinal");

create index "audit_event_listed_by_actor" on "audit_event" ("client_id", "actor", "id");

create index "audit_event_listed_by_operation" on "audit_event" ("client_id", "operation", "id");

create index "audit_event_listed_by_object_type" on "audit_event" ("client_id", "object_type", "id");

create index "audit_event_removals" on "audit_event" ("client_id", "action", "id") where action <> 'CREATE' and action <> 'UPDATE';

create index "api_token_group_of_target" on "api_token_group" ("client_id", "target_id", "owner_id", "ordinal");

create unique index "client_name" on "client" ("name_folded") where deleted_at is null;

analyze "client";

delete from sqlite_stat1;

insert into sqlite_stat1 (tbl, idx, stat) values
  ('account', 'account_by_name_folded', '1000000 100000 2'),
  ('account', 'account_by_updated_date', '1000000 100000 50 1'),
  ('account', 'account_deleted', '1000000 100000 1'),
  ('account', 'account_listed_by_active', '1000000 100000 50000 1'),
  ('account', 'account_listed_by_auth_type', '1000000 100000 20000 1'),
  ('account', 'account_listed_by_merge_preference', '1000000 100000 16667 1'),
  ('account', 'account_unique_1', '1000000 100000 1'),
  ('account', 'sqlite_autoindex_account_1', '1000000 100000 1'),
  ('account_brand', 'account_brand', '1000000 100000 10 1'),
  ('account_brand', 'account_brand_of_target', '1000000 100000 10 10 10'),
  ('account_client_capability', 'account_client_capability', '1000000 100000 10 1'),
  ('account_client_capability', 'account_client_capability_of_target', '1000000 100000 10 10 10'),
  ('account_department', 'account_department_by_department_name_folded', '1000000 100000 2'),
  ('account_department', 'account_department_by_updated_date', '1000000 100000 50 1'),
  ('account_department', 'account_department_deleted', '1000000 100000 1'),
  ('account_department', 'account_department_listed_by_account', '1000000 100000 10 1'),
  ('account_department', 'account_department_listed_by_active', '1000000 100000 50000 1'),
  ('account_department', 'account_department_listed_by_auth_type', '1000000 100000 20000 1'),
  ('account_department', 'account_department_listed_by_merge_preference', '1000000 100000 16667 1'),
  ('account_department', 'account_department_listed_by_primary_contact', '1000000 100000 10 1'),
  ('account_department', 'account_department_listed_by_primary_group', '1000000 100000 10 1'),
  ('account_department', 'account_department_listed_by_secondary_contact', '1000000 100000 10 1'),
  ('account_department', 'account_department_unique_1', '1000000 100000 10 1'),
  ('account_department', 'sqlite_autoindex_account_department_1', '1000000 100000 1'),
  ('account_department_brand', 'account_department_brand', '1000000 100000 10 1'),
  ('account_department_brand', 'account_department_brand_of_target', '1000000 100000 10 10 10'),
  ('account_department_client_capability', 'account_department_client_capability', '1000000 100000 10 1'),
  ('account_department_client_capability', 'account_department_client_capability_of_target', '1000000 100000 10 10 10'),
  ('account_department_group', 'account_department_group', '1000000 100000 10 1'),
  ('account_department_group', 'account_department_group_of_target', '1000000 100000 10 10 10'),
  ('account_employee', 'account_employee_by_updated_date', '1000000 100000 50 1'),
  ('account_employee', 'account_employee_deleted', '1000000 100000 1'),
  ('account_employee', 'account_employee_listed_by_account', '1000000 100000 10 1'),
  ('account_employee', 'account_employee_listed_by_active', '1000000 100000 50000 1'),
  ('account_employee', 'account_employee_listed_by_auth_type', '1000000 100000 20000 1'),
  ('account_employee', 'account_employee_listed_by_customer', '1000000 100000 10 1'),
  ('account_employee', 'account_employee_listed_by_merge_preference', '1000000 100000 16667 1'),
  ('account_employee', 'account_employee_unique_1', '1000000 100000 10 1'),
  ('account_employee', 'sqlite_autoindex_account_employee_1', '1000000 100000 1'),
  ('account_employee_account_department', 'account_employee_account_department', '1000000 100000 10 1'),
  ('account_employee_account_department', 'account_employee_account_department_of_target', '1000000 100000 10 10 10'),
  ('account_tag', 'account_tag', '1000000 100000 10 1'),
  ('account_tag', 'account_tag_by_tag', '1000000 100000 2 2'),
  ('acl_group', 'acl_group_by_name_folded', '1000000 100000 2'),
  ('acl_group', 'acl_group_by_updated_date', '1000000 100000 50 1'),
  ('acl_group', 'acl_group_deleted', '1000000 100000 1'),
  ('acl_group', 'acl_group_unique_1', '1000000 100000 1'),
  ('acl_group', 'sqlite_autoindex_acl_group_1', '1000000 100000 1'),
  ('api_token', 'api_token_by_hash', '1000000 1'),
  ('api_token', 'api_token_unique_name', '1000000 100000 1'),
  ('api_token', 'sqlite_autoindex_api_token_1', '1000000 100000 1'),
  ('api_token_group', 'api_token_group', '1000000 100000 10 1'),
  ('api_token_group', 'api_token_group_of_target', '1000000 100000 10 10 10'),
  ('audit_event', 'audit_event_by_at', '1000000 100000 50 1'),
  ('audit_event', 'audit_event_by_object', '1000000 100000 10 1'),
  ('audit_event', 'audit_event_listed_by_actor', '1000000 100000 2 1'),
  ('audit_event', 'audit_event_listed_by_object_type', '1000000 100000 2 1'),
  ('audit_event', 'audit_event_listed_by_operation', '1000000 100000 2 1'),
  ('audit_event', 'audit_event_removals', '1000000 100000 25000 1'),
  ('audit_event', 'sqlite_autoindex_audit_event_1', '1000000 100000 1'),
  ('brand', 'brand_by_name_folded', '1000000 100000 2'),
  ('brand', 'brand_by_updated_date', '1000000 100000 50 1'),
  ('brand', 'brand_deleted', '1000000 100000 1'),
  ('brand', 'brand_listed_by_is_default', '1000000 100000 50000 1'),
  ('brand', 'brand_unique_1', '1000000 100000 1'),
  ('brand', 'brand_unique_2', '1000000 1'),
  ('brand', 'sqlite_autoindex_brand_1', '1000000 100000 1'),
  ('client', 'client_by_updated_date', '50 1 1 1'),
  ('client', 'client_deleted', '50 1 1'),
  ('client', 'client_unique_1', '50 1 1'),
  ('client', 'sqlite_autoindex_client_1', '50 1 1'),
  ('client_capability', 'client_capability_by_name_folded', '1000000 100000 2'),
  ('client_capability', 'client_capability_by_updated_date', '1000000 100000 50 1'),
  ('client_capability', 'client_capability_deleted', '1000000 100000 1'),
  ('client_capability', 'client_capability_unique_1', '1000000 100000 1'),
  ('client_capability', 'sqlite_autoindex_client_capability_1', '1000000 100000 1'),
  ('customer', 'customer_by_email', '1000000 100000 2'),
  ('customer', 'customer_by_full_name_folded', '1000000 100000 2'),
  ('customer', 'customer_by_full_name_folded_2', '1000000 100000 2'),
  ('customer', 'customer_by_full_name_folded_3', '1000000 100000 2'),
  ('customer', 'customer_by_full_name_folded_longer', '1000000 100000 1'),
  ('customer', 'customer_by_phone', '1000000 100000 2'),
  ('customer', 'customer_by_updated_date', '1000000 100000 50 1'),
  ('customer', 'customer_deleted', '1000000 100000 1'),
  ('customer', 'customer_listed_by_default_account', '1000000 100000 10 1'),
  ('customer', 'customer_listed_by_default_brand', '1000000 100000 10 1'),
  ('customer', 'customer_listed_by_shared_phone', '1000000 100000 50000 1'),
  ('customer', 'customer_unique_1', '1000000 100000 1'),
  ('customer', 'sqlite_autoindex_customer_1', '1000000 100000 1'),
  ('customer_account', 'customer_account', '1000000 100000 10 1'),
  ('customer_account', 'customer_account_of_target', '1000000 100000 10 10 10'),
  ('customer_account_department', 'customer_account_department', '1000000 100000 10 1'),
  ('customer_account_department', 'customer_account_department_of_target', '1000000 100000 10 10 10'),
  ('customer_address', 'customer_address', '1000000 100000 10 1'),
  ('customer_brand', 'customer_brand', '1000000 100000 10 1'),
  ('customer_brand', 'customer_brand_of_target', '1000000 100000 10 10 10'),
  ('customer_client_capability', 'customer_client_capability', '1000000 100000 10 1'),
  ('customer_client_capability', 'customer_client_capability_of_target', '1000000 100000 10 10 10'),
  ('customer_tag', 'customer_tag', '1000000 100000 10 1'),
  ('customer_tag', 'customer_tag_by_tag', '1000000 100000 2 2'),
  ('driver', 'driver_by_full_name_folded', '1000000 100000 2'),
  ('driver', 'driver_by_full_name_folded_2', '1000000 100000 2'),
  ('driver', 'driver_by_full_name_folded_3', '1000000 100000 2'),
  ('driver', 'driver_by_full_name_folded_longer', '1000000 100000 1'),
  ('driver', 'driver_by_updated_date', '1000000 100000 50 1'),
  ('driver', 'driver_deleted', '1000000 100000 1'),
  ('driver', 'driver_listed_by_status', '1000000 100000 33334 1'),
  ('driver', 'driver_unique_1', '1000000 100000 1'),
  ('driver', 'sqlite_autoindex_driver_1', '1000000 100000 1'),
  ('driver_client_capability', 'driver_client_capability', '1000000 100000 10 1'),
  ('driver_client_capability', 'driver_client_capability_of_target', '1000000 100000 10 10 10'),
  ('driver_customer', 'driver_customer_by_expires_at', '1000000 100000 50'),
  ('driver_customer', 'driver_customer_by_updated_date', '1000000 100000 50 1'),
  ('driver_customer', 'driver_customer_deleted', '1000000 100000 1'),
  ('driver_customer', 'driver_customer_listed_by_customer', '1000000 100000 10 1'),
  ('driver_customer', 'driver_customer_listed_by_driver', '1000000 100000 10 1'),
  ('driver_customer', 'driver_customer_listed_by_mode', '1000000 100000 33334 1'),
  ('driver_customer', 'driver_customer_unique_1', '1000000 100000 10 1'),
  ('driver_customer', 'sqlite_autoindex_driver_customer_1', '1000000 100000 1'),
  ('driver_scp', 'driver_scp_by_expires_at', '1000000 100000 50'),
  ('driver_scp', 'driver_scp_by_updated_date', '1000000 100000 50 1'),
  ('driver_scp', 'driver_scp_deleted', '1000000 100000 1'),
  ('driver_scp', 'driver_scp_listed_by_driver', '1000000 100000 10 1'),
  ('driver_scp', 'driver_scp_listed_by_mode', '1000000 100000 33334 1'),
  ('driver_scp', 'driver_scp_listed_by_scp', '1000000 100000 10 1'),
  ('driver_scp', 'driver_scp_unique_1', '1000000 100000 10 1'),
  ('driver_scp', 'sqlite_autoindex_driver_scp_1', '1000000 100000 1'),
  ('idempotent_answer', 'idempotent_answer_by_age', '1000000 100000 50'),
  ('idempotent_answer', 'sqlite_autoindex_idempotent_answer_1', '1000000 100000 1'),
  ('import_batch', 'sqlite_autoindex_import_batch_1', '1000000 100000 10 1'),
  ('import_run', 'sqlite_autoindex_import_run_1', '1000000 100000 1'),
  ('import_stage', 'sqlite_autoindex_import_stage_1', '1000000 100000 10 1'),
  ('internal_key', 'internal_key', '1000000 100000 2 1'),
  ('internal_key', 'internal_key_unique', '1000000 100000 2 1'),
  ('recurring_trip', 'recurring_trip_by_updated_date', '1000000 100000 50 1'),
  ('recurring_trip', 'recurring_trip_deleted', '1000000 100000 1'),
  ('recurring_trip', 'recurring_trip_listed_by_account', '1000000 100000 10 1'),
  ('recurring_trip', 'recurring_trip_listed_by_account_department', '1000000 100000 10 1'),
  ('recurring_trip', 'recurring_trip_listed_by_active', '1000000 100000 50000 1'),
  ('recurring_trip', 'recurring_trip_unique_1', '1000000 100000 1'),
  ('recurring_trip', 'sqlite_autoindex_recurring_trip_1', '1000000 100000 1'),
  ('recurring_trip_client_capability', 'recurring_trip_client_capability', '1000000 100000 10 1'),
  ('recurring_trip_client_capability', 'recurring_trip_client_capability_of_target', '1000000 100000 10 10 10'),
  ('recurring_trip_exclusion_link', 'recurring_trip_exclusion_link', '1000000 100000 10 1'),
  ('recurring_trip_exclusion_link', 'recurring_trip_exclusion_link_by_group', '1000000 100000 10 10'),
  ('recurring_trip_skip', 'recurring_trip_skip', '1000000 100000 10 1'),
  ('recurring_trip_skip', 'recurring_trip_skip_by_day', '1000000 100000 50 10'),
  ('recurring_trip_time', 'recurring_trip_time', '1000000 100000 10 1'),
  ('recurring_trip_time', 'recurring_trip_time_by_end_day', '1000000 100000 50 10'),
  ('recurring_trip_time', 'recurring_trip_time_by_id', '1000000 100000 1 1'),
  ('recurring_trip_trip_segment', 'recurring_trip_trip_segment', '1000000 100000 10 1'),
  ('recurring_trip_trip_segment', 'recurring_trip_trip_segment_by_customer', '1000000 100000 10 10'),
  ('recurring_trip_trip_segment_scp', 'recurring_trip_trip_segment_scp', '1000000 100000 10 10 1'),
  ('recurring_trip_trip_segment_scp', 'recurring_trip_trip_segment_scp_of_target', '1000000 100000 10 10 10 10'),
  ('schedule_exclusion_group', 'schedule_exclusion_group_by_updated_date', '1000000 100000 50 1'),
  ('schedule_exclusion_group', 'schedule_exclusion_group_deleted', '1000000 100000 1'),
  ('schedule_exclusion_group', 'schedule_exclusion_group_listed_by_mode', '1000000 100000 33334 1'),
  ('schedule_exclusion_group', 'schedule_exclusion_group_unique_1', '1000000 100000 1'),
  ('schedule_exclusion_group', 'sqlite_autoindex_schedule_exclusion_group_1', '1000000 100000 1'),
  ('scp', 'scp_by_display_name_folded', '1000000 100000 2'),
  ('scp', 'scp_by_updated_date', '1000000 100000 50 1'),
  ('scp', 'scp_deleted', '1000000 100000 1'),
  ('scp', 'scp_listed_by_requires_handoff_verification', '1000000 100000 50000 1'),
  ('scp', 'scp_unique_1', '1000000 100000 1'),
  ('scp', 'sqlite_autoindex_scp_1', '1000000 100000 1'),
  ('scp_client_capability', 'scp_client_capability', '1000000 100000 10 1'),
  ('scp_client_capability', 'scp_client_capability_of_target', '1000000 100000 10 10 10'),
  ('scp_guardian', 'scp_guardian', '1000000 100000 10 1'),
  ('scp_guardian', 'scp_guardian_of_target', '1000000 100000 10 10 10'),
  ('trip', 'sqlite_autoindex_trip_1', '1000000 100000 1'),
  ('trip', 'trip_by_pickup_at', '1000000 100000 50 1'),
  ('trip', 'trip_by_updated_date', '1000000 100000 50 1'),
  ('trip', 'trip_deleted', '1000000 100000 1'),
  ('trip', 'trip_listed_by_account', '1000000 100000 10 1'),
  ('trip', 'trip_listed_by_account_department', '1000000 100000 10 1'),
  ('trip', 'trip_listed_by_day', '1000000 100000 50 1'),
  ('trip', 'trip_listed_by_recurring_trip', '1000000 100000 10 1'),
  ('trip', 'trip_listed_by_status', '1000000 100000 14286 1'),
  ('trip', 'trip_unique_1', '1000000 100000 1'),
  ('trip', 'trip_unique_2', '1000000 100000 10 10 1'),
  ('trip_client_capability', 'trip_client_capability', '1000000 100000 10 1'),
  ('trip_client_capability', 'trip_client_capability_of_target', '1000000 100000 10 10 10'),
  ('trip_trip_segment', 'trip_trip_segment', '1000000 100000 10 1'),
  ('trip_trip_segment', 'trip_trip_segment_by_customer', '1000000 100000 10 10'),
  ('trip_trip_segment_scp', 'trip_trip_segment_scp', '1000000 100000 10 10 1'),
  ('trip_trip_segment_scp', 'trip_trip_segment_scp_of_target', '1000000 100000 10 10 10 10');
