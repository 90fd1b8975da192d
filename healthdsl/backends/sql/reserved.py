"""Words that a name is quoted for: reserved in one of the dialects, or better not taken for a name."""

RESERVED = frozenset(
    """
abort account action add after all alter always analyse analyze and anti any array as asc asof
assert_rows_modified asymmetric at attach authorization autoincrement before begin between bigint
binary bit boolean both by cascade case cast char character check coalesce collate collation column
columns commit concurrently conflict connect connection constraint contains create cross cube
current current_catalog current_date current_path current_role current_row current_schema
current_time current_timestamp current_user database date day deallocate dec decimal default
deferrable deferred define delete desc describe detach distinct do drop each else end enum escape
except exclude exclusive exec execute exists explain extract fail false fetch filter first float
followed following for foreign freeze from full function generated glob grant group grouping
grouping_id groups gscluster hash having hour if ignore ilike immediate in increment index indexed
initially inner inout insert instead int integer intersect interval into is isnull issue join key
lambda last lateral leading left like limit local localtime localtimestamp lookup map match
materialized merge minus minute month national natural nchar new no none normalize not nothing
notnull null nullif nulls numeric of offset on only or order organization others out outer over
overlaps overlay partition percent pivot pivot_longer pivot_wider placing plan position positional
pragma preceding precision primary proto qualify query raise range real recursive references regexp
reindex release rename replace respect restrict returning revoke right rlike rollback rollup row
rows sample savepoint schema second select semi session_user set setof show similar skip smallint
some stage start struct substring summarize symmetric table tablesample temp temporary then ties
time timestamp to top trailing transaction treat trigger trim true try_cast tuple type uescape
unbounded union unique unknown unnest unpack unpivot update user using vacuum value values varchar
variadic verbose view virtual warehouse when whenever where window with within without xmlattributes
xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
year zone
""".split()
)
