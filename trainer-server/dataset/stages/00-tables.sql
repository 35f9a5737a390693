-- Where importers put rows. `old` is 1 for what the folder held before; `body` is the row as canonical JSON,
-- an event's without visitor, session and ts.
create table event (
  seq double not null, old double not null, file varchar not null, line double,
  visitor varchar not null, session varchar, ts double, name varchar not null,
  amount double, rating double, dwell double, body varchar not null
);
create table event_sku (seq double not null, sku varchar not null);
create table product (seq double not null, old double not null, sku varchar not null, body varchar not null);
create table decision (seq double not null, old double not null, id varchar not null, body varchar not null);
create table pair (seq double not null, old double not null, body varchar not null);
create table judgement (seq double not null, old double not null, body varchar not null);
