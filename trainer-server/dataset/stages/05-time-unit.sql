-- A source that counts seconds where milliseconds are asked for: every time of it would lie before the clock starts.
create table time_unit as
select
  case
    when min(event.ts) >= max(settings.seconds_start) and max(event.ts) < max(settings.clock_starts) then 1000
    else 1
  end as ms
from event
cross join settings
where event.old = 0 and event.ts is not null;

create table event_timed as
select
  event.seq as seq,
  event.old as old,
  event.file as file,
  event.line as line,
  event.visitor as visitor,
  event.session as session,
  case when event.old = 0 then event.ts * time_unit.ms else event.ts end as ts,
  event.name as name,
  event.amount as amount,
  event.rating as rating,
  event.dwell as dwell,
  event.body as body
from event
cross join time_unit;
