-- An invoice is one event: its sales a purchase, its cancellations a refund. Service lines are its extra charges.
create table invoice_head as
select
  line_distinct.invoice as invoice,
  line_distinct.visitor as visitor,
  min(line_distinct.ts) as ts,
  min(line_distinct.seq) as first_seq,
  min(line_distinct.line) as first_line,
  min(line_distinct.file) as file,
  min(line_distinct.country) as country,
  sum(case when line_distinct.kind = 'service' then line_distinct.price * line_distinct.quantity else 0 end)
    as charges
from line_distinct
group by line_distinct.invoice, line_distinct.visitor;

create table invoice_item as
select
  line_distinct.invoice as invoice,
  line_distinct.visitor as visitor,
  line_distinct.kind as kind,
  line_distinct.sku as sku,
  line_distinct.price as price,
  sum(abs(line_distinct.quantity)) as quantity,
  min(line_distinct.seq) as item_seq
from line_distinct
where line_distinct.kind in ('sale', 'refund')
group by line_distinct.invoice, line_distinct.visitor, line_distinct.kind, line_distinct.sku, line_distinct.price;
