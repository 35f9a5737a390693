-- Invoice lines as read; `kind` is sale, refund, service or adjustment.
create table invoice_line (
  seq double not null, file varchar not null, line double not null, kind varchar not null,
  invoice varchar not null, sku varchar not null, description varchar not null,
  quantity double not null, ts double not null, price double not null,
  visitor varchar not null, country varchar not null
);
