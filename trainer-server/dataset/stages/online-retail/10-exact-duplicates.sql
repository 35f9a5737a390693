-- The same product, quantity, price and minute on the same invoice, twice: a line that was exported twice.
create table line_copy as
select
  invoice_line.seq as seq,
  row_number() over (
    partition by invoice_line.invoice, invoice_line.sku, invoice_line.description, invoice_line.quantity,
      invoice_line.ts, invoice_line.price, invoice_line.visitor, invoice_line.country
    order by invoice_line.seq
  ) as copy
from invoice_line;

create table line_distinct as
select invoice_line.*
from invoice_line
inner join line_copy on line_copy.seq = invoice_line.seq
where line_copy.copy = 1;
