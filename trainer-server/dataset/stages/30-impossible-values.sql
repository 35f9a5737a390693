-- Values that cannot be: their rows are refused, with field, expected and found.
create table impossible as
select event_single.seq as seq, 'ts' as field, 'a time that has been' as expected,
  cast(event_single.ts as varchar) as found
from event_single
cross join settings
where event_single.old = 0 and event_single.ts > settings.latest
union all
select event_single.seq, 'value', 'an amount of money, not below 0', cast(event_single.amount as varchar)
from event_single
where event_single.old = 0 and event_single.amount < 0
union all
select event_single.seq, 'rating', 'a rating, not below 0', cast(event_single.rating as varchar)
from event_single
where event_single.old = 0 and event_single.rating < 0
union all
select event_single.seq, 'dwell_ms', 'a look of less than a day', cast(event_single.dwell as varchar)
from event_single
cross join settings
where event_single.old = 0 and event_single.dwell > settings.longest_dwell_ms;

create table event_possible as
select event_single.*
from event_single
where event_single.seq not in (select impossible.seq from impossible);
