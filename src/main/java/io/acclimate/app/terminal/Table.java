package io.acclimate.app.terminal;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines up rows under a heading. Each column is as wide as its widest cell, and the last one is not padded. Called by one thread. */
public final class Table {
    private static final String GAP = "  ";

    private final List<Column> columns;
    private final List<Row> rows = new ArrayList<>();

    /** A heading and the side that its cells are aligned to. */
    public record Column(String heading, Side side) {
        public static Column text(String heading) {
            return new Column(heading.toUpperCase(Locale.ROOT), Side.LEFT);
        }

        public static Column number(String heading) {
            return new Column(heading.toUpperCase(Locale.ROOT), Side.RIGHT);
        }
    }

    /** Where the cells of a column end or begin. */
    public enum Side {
        LEFT,
        RIGHT
    }

    private record Row(Style style, List<String> cells) {
        Row {
            cells = List.copyOf(cells);
        }
    }

    public Table(Column... columns) {
        this.columns = List.of(columns);
    }

    /** Adds a row that may have fewer cells than there are columns. */
    public void add(Style style, String... cells) {
        rows.add(new Row(style, List.of(cells)));
    }

    public void print(PrintWriter out, Paint paint) {
        List<String> headings = columns.stream().map(Column::heading).toList();
        print(new Row(Style.STRONG, headings), out, paint);
        rows.forEach(row -> print(row, out, paint));
        out.flush();
    }

    private void print(Row row, PrintWriter out, Paint paint) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.cells().size(); i++) {
            String cell = row.cells().get(i);
            String blanks = " ".repeat(width(i) - cell.length());
            line.append(i == 0 ? "" : GAP).append(columns.get(i).side() == Side.RIGHT ? blanks + cell : cell + blanks);
        }
        out.println(paint.of(row.style(), line.toString().stripTrailing()));
    }

    private int width(int column) {
        int width = columns.get(column).heading().length();
        for (Row row : rows) {
            width = Math.max(
                    width, column < row.cells().size() ? row.cells().get(column).length() : 0);
        }
        return width;
    }
}
