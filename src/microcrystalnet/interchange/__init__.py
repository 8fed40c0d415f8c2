"""Outlines as other programs write them: COCO, QuPath's GeoJSON, ImageJ's RoiSet."""
