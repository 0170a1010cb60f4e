create table "client" (
  "client_id" integer not null,
  "id" integer not null,
  "created_date" integer not null,
  "updated_date" integer not null,
  "deleted_at" integer,
  "deleted_by" text,
  "name" text not null,
  "name_folded" text not null,
  "time_zone" text not null,
  "country" text not null,
  "settings" text not null default '{}',
  primary key ("client_id", "id")
) strict;

create table "brand" (
  "client_id" integer not null,
  "id" integer not null,
  "created_date" integer not null,
  "updated_date" integer not null,
  "deleted_at" integer,
  "deleted_by" text,
  "code" text not null,
  "code_folded" text not null,
  "name" text,
  "name_folded" text,
  "is_default" integer not null default 0 check ("is_default" in (0, 1)),
  primary key ("client_id", "id"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred
) strict;

create table "client_capability" (
  "client_id" integer not null,
  "id" integer not null,
  "created_date" integer not null,
  "updated_date" integer not null,
  "deleted_at" integer,
  "deleted_by" text,
  "code" text not null,
  "code_folded" text not null,
  "name" text,
  "name_folded" text,
  primary key ("client_id", "id"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred
) strict;

create table "acl_group" (
  "client_id" integer not null,
  "id" integer not null,
  "created_date" integer not null,
  "updated_date" integer not null,
  "deleted_at" integer,
  "deleted_by" text,
  "code" text not null,
  "code_folded" text not null,
  "name" text,
  "name_folded" text,
  primary key ("client_id", "id"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred
) strict;

create table "driver" (
  "client_id" integer not null,
  "id" integer not null,
  "created_date" integer not null,
  "updated_date" integer not null,
  "deleted_at" integer,
  "deleted_by" text,
  "callsign" text not null,
  "callsign_folded" text not null,
  "first_name" text,
  "last_name" text,
  "phone" text,
  "status" text not null default 'ACTIVE' check ("status" in ('ACTIVE', 'SUSPENDED', 'INACTIVE')),
  "full_name_folded" text,
  primary key ("client_id", "id"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred
) strict;

create table "driver_client_capability" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "target_id" integer not null,
  "ordinal" integer not null,
  primary key ("client_id", "owner_id", "target_id"),
  foreign key ("client_id", "owner_id") references "driver" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "target_id") references "client_capability" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "customer" (
  "client_id" integer not null,
  "id" integer not null,
  "created_date" integer not null,
  "updated_date" integer not null,
  "deleted_at" integer,
  "deleted_by" text,
  "first_name" text,
  "last_name" text,
  "phone" text,
  "email" text,
  "shared_phone" integer not null default 0 check ("shared_phone" in (0, 1)),
  "default_account_id" integer,
  "default_brand_id" integer,
  "password" text,
  "priority_tier" integer not null default 0,
  "loyalty_miles" integer not null default 0,
  "notes" text,
  "full_name_folded" text,
  primary key ("client_id", "id"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "default_account_id") references "account" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "default_brand_id") references "brand" ("client_id", "id") deferrable initially deferred
) strict;

create table "customer_tag" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "tag_folded" text not null,
  "position" integer not null,
  "tag" text not null,
  primary key ("client_id", "owner_id", "tag_folded"),
  foreign key ("client_id", "owner_id") references "customer" ("client_id", "id") on delete cascade deferrable initially deferred
) strict, without rowid;

create table "customer_account" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "target_id" integer not null,
  "ordinal" integer not null,
  primary key ("client_id", "owner_id", "target_id"),
  foreign key ("client_id", "owner_id") references "customer" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "target_id") references "account" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "customer_account_department" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "target_id" integer not null,
  "ordinal" integer not null,
  primary key ("client_id", "owner_id", "target_id"),
  foreign key ("client_id", "owner_id") references "customer" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "target_id") references "account_department" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "customer_brand" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "target_id" integer not null,
  "ordinal" integer not null,
  primary key ("client_id", "owner_id", "target_id"),
  foreign key ("client_id", "owner_id") references "customer" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "target_id") references "brand" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "customer_client_capability" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "target_id" integer not null,
  "ordinal" integer not null,
  primary key ("client_id", "owner_id", "target_id"),
  foreign key ("client_id", "owner_id") references "customer" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "target_id") references "client_capability" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "customer_address" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "position" integer not null,
  "label" text,
  "street_address" text,
  "address_area" text,
  "city" text,
  "state" text,
  "post_code" text,
  "country" text,
  primary key ("client_id", "owner_id", "position"),
  foreign key ("client_id", "owner_id") references "customer" ("client_id", "id") on delete cascade deferrable initially deferred
) strict, without rowid;

create table "scp" (
  "client_id" integer not null,
  "id" integer not null,
  "created_date" integer not null,
  "updated_date" integer not null,
  "deleted_at" integer,
  "deleted_by" text,
  "ref" text not null,
  "ref_folded" text not null,
  "display_name" text,
  "display_name_folded" text,
  "date_of_birth" integer,
  "requires_handoff_verification" integer not null default 0 check ("requires_handoff_verification" in (0, 1)),
  primary key ("client_id", "id"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred
) strict;

create table "scp_guardian" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "target_id" integer not null,
  "ordinal" integer not null,
  primary key ("client_id", "owner_id", "target_id"),
  foreign key ("client_id", "owner_id") references "scp" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "target_id") references "customer" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "scp_client_capability" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "target_id" integer not null,
  "ordinal" integer not null,
  primary key ("client_id", "owner_id", "target_id"),
  foreign key ("client_id", "owner_id") references "scp" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "target_id") references "client_capability" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "driver_customer" (
  "client_id" integer not null,
  "id" integer not null,
  "created_date" integer not null,
  "updated_date" integer not null,
  "deleted_at" integer,
  "deleted_by" text,
  "driver_id" integer not null,
  "customer_id" integer not null,
  "mode" text not null default 'SOFT' check ("mode" in ('HARD', 'SOFT', 'BLOCK')),
  "priority" integer not null default 0,
  "expires_at" integer,
  "notes" text,
  primary key ("client_id", "id"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "driver_id") references "driver" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "customer_id") references "customer" ("client_id", "id") deferrable initially deferred
) strict;

create table "driver_scp" (
  "client_id" integer not null,
  "id" integer not null,
  "created_date" integer not null,
  "updated_date" integer not null,
  "deleted_at" integer,
  "deleted_by" text,
  "driver_id" integer not null,
  "scp_id" integer not null,
  "mode" text not null default 'SOFT' check ("mode" in ('HARD', 'SOFT', 'BLOCK')),
  "priority" integer not null default 0,
  "expires_at" integer,
  "notes" text,
  primary key ("client_id", "id"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "driver_id") references "driver" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "scp_id") references "scp" ("client_id", "id") deferrable initially deferred
) strict;

create table "schedule_exclusion_group" (
  "client_id" integer not null,
  "id" integer not null,
  "created_date" integer not null,
  "updated_date" integer not null,
  "deleted_at" integer,
  "deleted_by" text,
  "name" text not null,
  "name_folded" text not null,
  "mode" text not null default 'RUN_SCHEDULE' check ("mode" in ('RUN_SCHEDULE', 'RUN_ON', 'RUN_OFF')),
  "start_day" integer,
  "end_day" integer,
  "schedule_resume_day" integer,
  primary key ("client_id", "id"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred
) strict;

create table "account" (
  "client_id" integer not null,
  "id" integer not null,
  "created_date" integer not null,
  "updated_date" integer not null,
  "deleted_at" integer,
  "deleted_by" text,
  "ref" text not null,
  "ref_folded" text not null,
  "name" text,
  "name_folded" text,
  "active" integer not null default 1 check ("active" in (0, 1)),
  "auth_type" text not null default 'INHERIT' check ("auth_type" in ('PIN', 'SMS', 'NONE', 'MFA', 'INHERIT')),
  "merge_preference" text not null default 'INHERIT' check ("merge_preference" in ('INHERIT', 'NEVER', 'NONE', 'ACCOUNT', 'ACCOUNT_DEPARTMENT', 'ALL')),
  "street_address" text,
  "address_area" text,
  "city" text,
  "state" text,
  "post_code" text,
  "country" text,
  "iban" text,
  "bic" text,
  "company_name" text,
  "trading_alias" text,
  "company_number" text,
  "tax_number" text,
  primary key ("client_id", "id"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred
) strict;

create table "account_client_capability" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "target_id" integer not null,
  "ordinal" integer not null,
  primary key ("client_id", "owner_id", "target_id"),
  foreign key ("client_id", "owner_id") references "account" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "target_id") references "client_capability" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "account_tag" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "tag_folded" text not null,
  "position" integer not null,
  "tag" text not null,
  primary key ("client_id", "owner_id", "tag_folded"),
  foreign key ("client_id", "owner_id") references "account" ("client_id", "id") on delete cascade deferrable initially deferred
) strict, without rowid;

create table "account_brand" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "target_id" integer not null,
  "ordinal" integer not null,
  primary key ("client_id", "owner_id", "target_id"),
  foreign key ("client_id", "owner_id") references "account" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "target_id") references "brand" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "account_department" (
  "client_id" integer not null,
  "id" integer not null,
  "created_date" integer not null,
  "updated_date" integer not null,
  "deleted_at" integer,
  "deleted_by" text,
  "account_id" integer not null,
  "department_name" text not null,
  "department_name_folded" text not null,
  "active" integer not null default 1 check ("active" in (0, 1)),
  "primary_group_id" integer,
  "merge_preference" text not null default 'INHERIT' check ("merge_preference" in ('INHERIT', 'NEVER', 'NONE', 'ACCOUNT', 'ACCOUNT_DEPARTMENT', 'ALL')),
  "primary_contact_id" integer,
  "secondary_contact_id" integer,
  "street_address" text,
  "address_area" text,
  "city" text,
  "state" text,
  "post_code" text,
  "country" text,
  "iban" text,
  "bic" text,
  "company_name" text,
  "trading_alias" text,
  "company_number" text,
  "tax_number" text,
  "auth_type" text not null default 'INHERIT' check ("auth_type" in ('PIN', 'SMS', 'NONE', 'MFA', 'INHERIT')),
  "driver_note" text,
  "management_note" text,
  primary key ("client_id", "id"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "account_id") references "account" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "primary_group_id") references "acl_group" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "primary_contact_id") references "account_employee" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "secondary_contact_id") references "account_employee" ("client_id", "id") deferrable initially deferred
) strict;

create table "account_department_group" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "target_id" integer not null,
  "ordinal" integer not null,
  primary key ("client_id", "owner_id", "target_id"),
  foreign key ("client_id", "owner_id") references "account_department" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "target_id") references "acl_group" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "account_department_client_capability" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "target_id" integer not null,
  "ordinal" integer not null,
  primary key ("client_id", "owner_id", "target_id"),
  foreign key ("client_id", "owner_id") references "account_department" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "target_id") references "client_capability" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "account_department_brand" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "target_id" integer not null,
  "ordinal" integer not null,
  primary key ("client_id", "owner_id", "target_id"),
  foreign key ("client_id", "owner_id") references "account_department" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "target_id") references "brand" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "account_employee" (
  "client_id" integer not null,
  "id" integer not null,
  "created_date" integer not null,
  "updated_date" integer not null,
  "deleted_at" integer,
  "deleted_by" text,
  "customer_id" integer not null,
  "account_id" integer not null,
  "active" integer not null default 1 check ("active" in (0, 1)),
  "auth_type" text not null default 'INHERIT' check ("auth_type" in ('PIN', 'SMS', 'NONE', 'MFA', 'INHERIT')),
  "merge_preference" text not null default 'INHERIT' check ("merge_preference" in ('INHERIT', 'NEVER', 'NONE', 'ACCOUNT', 'ACCOUNT_DEPARTMENT', 'ALL')),
  "driver_note" text,
  "management_note" text,
  primary key ("client_id", "id"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "customer_id") references "customer" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "account_id") references "account" ("client_id", "id") deferrable initially deferred
) strict;

create table "account_employee_account_department" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "target_id" integer not null,
  "ordinal" integer not null,
  primary key ("client_id", "owner_id", "target_id"),
  foreign key ("client_id", "owner_id") references "account_employee" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "target_id") references "account_department" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "recurring_trip" (
  "client_id" integer not null,
  "id" integer not null,
  "created_date" integer not null,
  "updated_date" integer not null,
  "deleted_at" integer,
  "deleted_by" text,
  "ref" text not null,
  "ref_folded" text not null,
  "name" text,
  "active" integer not null default 1 check ("active" in (0, 1)),
  "start_day" integer,
  "end_day" integer,
  "account_id" integer,
  "account_department_id" integer,
  primary key ("client_id", "id"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "account_id") references "account" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "account_department_id") references "account_department" ("client_id", "id") deferrable initially deferred
) strict;

create table "recurring_trip_trip_segment" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "position" integer not null,
  "customer_id" integer,
  primary key ("client_id", "owner_id", "position"),
  foreign key ("client_id", "owner_id") references "recurring_trip" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "customer_id") references "customer" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "recurring_trip_trip_segment_scp" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "position" integer not null,
  "target_id" integer not null,
  "ordinal" integer not null,
  primary key ("client_id", "owner_id", "position", "target_id"),
  foreign key ("client_id", "owner_id", "position") references "recurring_trip_trip_segment" ("client_id", "owner_id", "position") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "target_id") references "scp" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "recurring_trip_client_capability" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "target_id" integer not null,
  "ordinal" integer not null,
  primary key ("client_id", "owner_id", "target_id"),
  foreign key ("client_id", "owner_id") references "recurring_trip" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "target_id") references "client_capability" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "recurring_trip_time" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "position" integer not null,
  "id" integer,
  "time" text not null,
  "weekdays" integer not null,
  "is_return" integer not null default 0 check ("is_return" in (0, 1)),
  "end_day" integer,
  primary key ("client_id", "owner_id", "position"),
  foreign key ("client_id", "owner_id") references "recurring_trip" ("client_id", "id") on delete cascade deferrable initially deferred
) strict, without rowid;

create table "recurring_trip_skip" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "position" integer not null,
  "day" integer not null,
  "time" text,
  "reason" text,
  primary key ("client_id", "owner_id", "position"),
  foreign key ("client_id", "owner_id") references "recurring_trip" ("client_id", "id") on delete cascade deferrable initially deferred
) strict, without rowid;

create table "recurring_trip_exclusion_link" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "position" integer not null,
  "group_id" integer not null,
  "time_id" integer,
  primary key ("client_id", "owner_id", "position"),
  foreign key ("client_id", "owner_id") references "recurring_trip" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "group_id") references "schedule_exclusion_group" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "trip" (
  "client_id" integer not null,
  "id" integer not null,
  "created_date" integer not null,
  "updated_date" integer not null,
  "deleted_at" integer,
  "deleted_by" text,
  "ref" text not null,
  "ref_folded" text not null,
  "pickup_at" integer not null,
  "status" text not null default 'SCHEDULED' check ("status" in ('SCHEDULED', 'RELEASED', 'ALLOCATED', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED', 'NO_SHOW')),
  "account_id" integer,
  "account_department_id" integer,
  "released_at" integer,
  "recurring_trip_id" integer,
  "recurring_time_id" integer,
  "day" integer,
  primary key ("client_id", "id"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "account_id") references "account" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "account_department_id") references "account_department" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "recurring_trip_id") references "recurring_trip" ("client_id", "id") deferrable initially deferred
) strict;

create table "trip_trip_segment" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "position" integer not null,
  "customer_id" integer,
  primary key ("client_id", "owner_id", "position"),
  foreign key ("client_id", "owner_id") references "trip" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "customer_id") references "customer" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "trip_trip_segment_scp" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "position" integer not null,
  "target_id" integer not null,
  "ordinal" integer not null,
  primary key ("client_id", "owner_id", "position", "target_id"),
  foreign key ("client_id", "owner_id", "position") references "trip_trip_segment" ("client_id", "owner_id", "position") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "target_id") references "scp" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "trip_client_capability" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "target_id" integer not null,
  "ordinal" integer not null,
  primary key ("client_id", "owner_id", "target_id"),
  foreign key ("client_id", "owner_id") references "trip" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "target_id") references "client_capability" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "internal_key" (
  "client_id" integer not null,
  "object_type" text not null,
  "key" text not null,
  "object_id" integer not null,
  "request_hash" text not null,
  "live" integer not null check ("live" in (0, 1)),
  primary key ("client_id", "object_type", "object_id"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "audit_event" (
  "client_id" integer not null,
  "id" integer not null,
  "at" integer not null,
  "actor" text not null,
  "reason" text,
  "operation" text not null,
  "action" text not null check ("action" in ('CREATE', 'UPDATE', 'DELETE', 'RESTORE')),
  "object_type" text not null,
  "object_id" integer not null,
  "object_name" text not null,
  "before" text,
  "after" text,
  primary key ("client_id", "id"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred
) strict;

create table "api_token" (
  "client_id" integer not null,
  "id" integer not null,
  "name" text not null,
  "role" text not null check ("role" in ('ADMIN', 'OPERATOR', 'DRIVER_APP', 'CUSTOMER_APP')),
  "hash" text not null,
  "driver_id" integer,
  "customer_id" integer,
  "created_date" integer not null,
  "created_by" text not null,
  "expires_at" integer,
  "revoked_at" integer,
  primary key ("client_id", "id"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "driver_id") references "driver" ("client_id", "id") deferrable initially deferred,
  foreign key ("client_id", "customer_id") references "customer" ("client_id", "id") deferrable initially deferred
) strict;

create table "api_token_group" (
  "client_id" integer not null,
  "owner_id" integer not null,
  "target_id" integer not null,
  "ordinal" integer not null,
  primary key ("client_id", "owner_id", "target_id"),
  foreign key ("client_id", "owner_id") references "api_token" ("client_id", "id") on delete cascade deferrable initially deferred,
  foreign key ("client_id", "target_id") references "acl_group" ("client_id", "id") deferrable initially deferred
) strict, without rowid;

create table "idempotent_answer" (
  "client_id" integer not null,
  "key" text not null,
  "fingerprint" text not null,
  "answered_at" integer not null,
  "answer" text not null,
  primary key ("client_id", "key"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred
) strict;

create table "id_sequence" (
  "one" integer not null check ("one" in (1)),
  "last" integer not null,
  primary key ("one")
) strict, without rowid;

create table "schema_version" (
  "version" integer not null,
  "applied_at" integer not null,
  "program" text not null,
  primary key ("version")
) strict, without rowid;

create unique index "client_unique_1" on "client" ("client_id", "name_folded") where deleted_at is null;

create index "client_by_updated_date" on "client" ("client_id", "updated_date", "id");

create unique index "brand_unique_1" on "brand" ("client_id", "code_folded") where deleted_at is null;

create unique index "brand_unique_2" on "brand" ("client_id") where deleted_at is null and is_default = 1;

create index "brand_by_name_folded" on "brand" ("client_id", "name_folded") where deleted_at is null and name_folded is not null;

create index "brand_by_updated_date" on "brand" ("client_id", "updated_date", "id");

create unique index "client_capability_unique_1" on "client_capability" ("client_id", "code_folded") where deleted_at is null;

create index "client_capability_by_name_folded" on "client_capability" ("client_id", "name_folded") where deleted_at is null and name_folded is not null;

create index "client_capability_by_updated_date" on "client_capability" ("client_id", "updated_date", "id");

create unique index "acl_group_unique_1" on "acl_group" ("client_id", "code_folded") where deleted_at is null;

create index "acl_group_by_name_folded" on "acl_group" ("client_id", "name_folded") where deleted_at is null and name_folded is not null;

create index "acl_group_by_updated_date" on "acl_group" ("client_id", "updated_date", "id");

create unique index "driver_unique_1" on "driver" ("client_id", "callsign_folded") where deleted_at is null;

create index "driver_by_full_name_folded" on "driver" ("client_id", "full_name_folded") where deleted_at is null and full_name_folded is not null;

create index "driver_by_updated_date" on "driver" ("client_id", "updated_date", "id");

create index "driver_client_capability_by_target" on "driver_client_capability" ("client_id", "target_id", "owner_id");

create unique index "customer_unique_1" on "customer" ("client_id", "phone") where deleted_at is null and shared_phone = 0;

create index "customer_by_phone" on "customer" ("client_id", "phone") where deleted_at is null and phone is not null;

create index "customer_by_email" on "customer" ("client_id", "email") where deleted_at is null and email is not null;

create index "customer_by_full_name_folded" on "customer" ("client_id", "full_name_folded") where deleted_at is null and full_name_folded is not null;

create index "customer_by_default_account" on "customer" ("client_id", "default_account_id") where default_account_id is not null;

create index "customer_by_default_brand" on "customer" ("client_id", "default_brand_id") where default_brand_id is not null;

create index "customer_by_updated_date" on "customer" ("client_id", "updated_date", "id");

create index "customer_tag_by_tag" on "customer_tag" ("client_id", "tag_folded", "owner_id");

create index "customer_account_by_target" on "customer_account" ("client_id", "target_id", "owner_id");

create index "customer_account_department_by_target" on "customer_account_department" ("client_id", "target_id", "owner_id");

create index "customer_brand_by_target" on "customer_brand" ("client_id", "target_id", "owner_id");

create index "customer_client_capability_by_target" on "customer_client_capability" ("client_id", "target_id", "owner_id");

create unique index "scp_unique_1" on "scp" ("client_id", "ref_folded") where deleted_at is null;

create index "scp_by_display_name_folded" on "scp" ("client_id", "display_name_folded") where deleted_at is null and display_name_folded is not null;

create index "scp_by_updated_date" on "scp" ("client_id", "updated_date", "id");

create index "scp_guardian_by_target" on "scp_guardian" ("client_id", "target_id", "owner_id");

create index "scp_client_capability_by_target" on "scp_client_capability" ("client_id", "target_id", "owner_id");

create unique index "driver_customer_unique_1" on "driver_customer" ("client_id", "driver_id", "customer_id") where deleted_at is null;

create index "driver_customer_by_driver" on "driver_customer" ("client_id", "driver_id") where driver_id is not null;

create index "driver_customer_by_customer" on "driver_customer" ("client_id", "customer_id") where customer_id is not null;

create index "driver_customer_by_expires_at" on "driver_customer" ("client_id", "expires_at") where expires_at is not null;

create index "driver_customer_by_updated_date" on "driver_customer" ("client_id", "updated_date", "id");

create unique index "driver_scp_unique_1" on "driver_scp" ("client_id", "driver_id", "scp_id") where deleted_at is null;

create index "driver_scp_by_driver" on "driver_scp" ("client_id", "driver_id") where driver_id is not null;

create index "driver_scp_by_scp" on "driver_scp" ("client_id", "scp_id") where scp_id is not null;

create index "driver_scp_by_expires_at" on "driver_scp" ("client_id", "expires_at") where expires_at is not null;

create index "driver_scp_by_updated_date" on "driver_scp" ("client_id", "updated_date", "id");

create unique index "schedule_exclusion_group_unique_1" on "schedule_exclusion_group" ("client_id", "name_folded") where deleted_at is null;

create index "schedule_exclusion_group_by_updated_date" on "schedule_exclusion_group" ("client_id", "updated_date", "id");

create unique index "account_unique_1" on "account" ("client_id", "ref_folded") where deleted_at is null;

create index "account_by_name_folded" on "account" ("client_id", "name_folded") where deleted_at is null and name_folded is not null;

create index "account_by_updated_date" on "account" ("client_id", "updated_date", "id");

create index "account_client_capability_by_target" on "account_client_capability" ("client_id", "target_id", "owner_id");

create index "account_tag_by_tag" on "account_tag" ("client_id", "tag_folded", "owner_id");

create index "account_brand_by_target" on "account_brand" ("client_id", "target_id", "owner_id");

create unique index "account_department_unique_1" on "account_department" ("client_id", "account_id", "department_name_folded") where deleted_at is null;

create index "account_department_by_account" on "account_department" ("client_id", "account_id") where account_id is not null;

create index "account_department_by_primary_group" on "account_department" ("client_id", "primary_group_id") where primary_group_id is not null;

create index "account_department_by_primary_contact" on "account_department" ("client_id", "primary_contact_id") where primary_contact_id is not null;

create index "account_department_by_secondary_contact" on "account_department" ("client_id", "secondary_contact_id") where secondary_contact_id is not null;

create index "account_department_by_updated_date" on "account_department" ("client_id", "updated_date", "id");

create index "account_department_group_by_target" on "account_department_group" ("client_id", "target_id", "owner_id");

create index "account_department_client_capability_by_target" on "account_department_client_capability" ("client_id", "target_id", "owner_id");

create index "account_department_brand_by_target" on "account_department_brand" ("client_id", "target_id", "owner_id");

create unique index "account_employee_unique_1" on "account_employee" ("client_id", "customer_id", "account_id") where deleted_at is null;

create index "account_employee_by_customer" on "account_employee" ("client_id", "customer_id") where customer_id is not null;

create index "account_employee_by_account" on "account_employee" ("client_id", "account_id") where account_id is not null;

create index "account_employee_by_updated_date" on "account_employee" ("client_id", "updated_date", "id");

create index "account_employee_account_department_by_target" on "account_employee_account_department" ("client_id", "target_id", "owner_id");

create unique index "recurring_trip_unique_1" on "recurring_trip" ("client_id", "ref_folded") where deleted_at is null;

create index "recurring_trip_by_account" on "recurring_trip" ("client_id", "account_id") where account_id is not null;

create index "recurring_trip_by_account_department" on "recurring_trip" ("client_id", "account_department_id") where account_department_id is not null;

create index "recurring_trip_by_updated_date" on "recurring_trip" ("client_id", "updated_date", "id");

create index "recurring_trip_trip_segment_by_customer" on "recurring_trip_trip_segment" ("client_id", "customer_id", "owner_id");

create index "recurring_trip_trip_segment_scp_by_target" on "recurring_trip_trip_segment_scp" ("client_id", "target_id", "owner_id");

create index "recurring_trip_client_capability_by_target" on "recurring_trip_client_capability" ("client_id", "target_id", "owner_id");

create index "recurring_trip_time_by_id" on "recurring_trip_time" ("client_id", "id", "owner_id");

create index "recurring_trip_time_by_end_day" on "recurring_trip_time" ("client_id", "end_day", "owner_id");

create index "recurring_trip_skip_by_day" on "recurring_trip_skip" ("client_id", "day", "owner_id");

create index "recurring_trip_exclusion_link_by_group" on "recurring_trip_exclusion_link" ("client_id", "group_id", "owner_id");

create unique index "trip_unique_1" on "trip" ("client_id", "ref_folded") where deleted_at is null;

create unique index "trip_unique_2" on "trip" ("client_id", "recurring_trip_id", "recurring_time_id", "day");

create index "trip_by_account" on "trip" ("client_id", "account_id") where account_id is not null;

create index "trip_by_account_department" on "trip" ("client_id", "account_department_id") where account_department_id is not null;

create index "trip_by_recurring_trip" on "trip" ("client_id", "recurring_trip_id") where recurring_trip_id is not null;

create index "trip_by_day" on "trip" ("client_id", "day") where day is not null;

create index "trip_by_updated_date" on "trip" ("client_id", "updated_date", "id");

create index "trip_trip_segment_by_customer" on "trip_trip_segment" ("client_id", "customer_id", "owner_id");

create index "trip_trip_segment_scp_by_target" on "trip_trip_segment_scp" ("client_id", "target_id", "owner_id");

create index "trip_client_capability_by_target" on "trip_client_capability" ("client_id", "target_id", "owner_id");

create unique index "internal_key_unique" on "internal_key" ("client_id", "object_type", "key") where live = 1;

create index "audit_event_by_object" on "audit_event" ("client_id", "object_id", "id");

create index "audit_event_by_at" on "audit_event" ("client_id", "at", "id");

create unique index "api_token_by_hash" on "api_token" ("hash");

create unique index "api_token_unique_name" on "api_token" ("client_id", "name") where revoked_at is null;

create index "api_token_group_by_target" on "api_token_group" ("client_id", "target_id", "owner_id");

create index "idempotent_answer_by_age" on "idempotent_answer" ("client_id", "answered_at");
