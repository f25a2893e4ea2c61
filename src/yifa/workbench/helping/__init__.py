"""The guided first hour, the manual, the glossary."""
