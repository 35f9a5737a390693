-- Events that say the same of the same visitor at the same instant are one event, told twice.
-- Without a time two equal lines may be two acts: they stay. Rows that were in the folder before always stay.
create table event_copy as
select
  event.seq as seq,
  row_number() over (
    partition by event.visitor, event.ts, event.name, event.body
    order by event.old desc, event.seq
  ) as copy
from event
where event.ts is not null;

create table event_distinct as
select event.*
from event
left join event_copy on event_copy.seq = event.seq
where event.old = 1 or event_copy.copy is null or event_copy.copy = 1;
