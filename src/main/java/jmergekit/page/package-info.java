/// Human-readable pages: self-contained HTML files with SVG charts.
@org.jspecify.annotations.NullMarked
package jmergekit.page;
