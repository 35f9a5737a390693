-- The same event of the same visitor again within a moment: a tag that fires twice, an impatient double click.
create table event_pause as
select
  event_distinct.seq as seq,
  event_distinct.ts - lag(event_distinct.ts) over (
    partition by event_distinct.visitor, event_distinct.name, event_distinct.body
    order by event_distinct.ts, event_distinct.seq
  ) as pause
from event_distinct
cross join settings
where event_distinct.ts >= settings.clock_starts;

create table event_single as
select event_distinct.*
from event_distinct
cross join settings
left join event_pause on event_pause.seq = event_distinct.seq
where event_distinct.old = 1 or event_pause.pause is null or event_pause.pause >= settings.near_duplicate_ms;
